# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "cron-descriptor",
# ]
# ///
import cron_descriptor

options = cron_descriptor.Options()
options.locale_code = "de_DE"
assert "Minuten" in cron_descriptor.get_description("*/5 * * * *", options)
options.locale_code = "fr_FR"
assert "minutes" in cron_descriptor.get_description("*/5 * * * *", options)
assert cron_descriptor.get_description("0 12 * * MON") == "At 12:00, only on Monday"
try:
    cron_descriptor.get_description("* *")
    raise SystemExit("no error")
except cron_descriptor.FormatError:
    pass

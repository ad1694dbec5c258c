# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "babel",
#   "tzdata",
# ]
# ///
import datetime
import babel
from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, parse_decimal
from babel.messages import mofile, pofile

assert format_date(datetime.date(2024, 5, 1), locale="de") == "01.05.2024"
assert "mai" in format_date(datetime.date(2024, 5, 1), format="full", locale="fr")
assert format_currency(1234.5, "EUR", locale="de_DE") == "1.234,50\xa0€"
assert format_decimal(1234567.5, locale="en_IN") == "12,34,567.5" and parse_decimal("1.234,5", locale="de") == 1234.5
assert Locale.parse("zh_Hant_TW").get_display_name("en").startswith("Chinese")
assert format_datetime(datetime.datetime(2024, 1, 1), tzinfo=babel.dates.get_timezone("Europe/Rome"), locale="en", format="H").strip() == "1"
assert format_timedelta(datetime.timedelta(days=3), locale="es") == "3 días"
assert Locale("ru").plural_form(5) == "many" and len(babel.localedata.locale_identifiers()) > 500
import io
catalog = pofile.read_po(io.BytesIO(b'msgid "a"\nmsgstr "b"\n'))
assert catalog["a"].string == "b"

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pytz",
# ]
# ///
import datetime
import pickle
import pytz

rome = pytz.timezone("Europe/Rome")
assert rome.localize(datetime.datetime(2024, 7, 1)).utcoffset() == datetime.timedelta(hours=2)
assert pytz.timezone("america/new_york").zone == "America/New_York"
assert "Europe/Paris" in pytz.all_timezones and "Asia/Tokyo" in pytz.common_timezones_set
assert pytz.country_timezones["it"] == ["Europe/Rome"] and pytz.country_names["it"] == "Italy"
assert pickle.loads(pickle.dumps(rome)) is rome
try:
    pytz.timezone("Nope/Nope")
    raise SystemExit("no error")
except pytz.UnknownTimeZoneError:
    pass

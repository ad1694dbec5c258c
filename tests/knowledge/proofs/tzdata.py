# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tzdata",
# ]
# ///
import zoneinfo
import tzdata

zoneinfo.reset_tzpath(to=())
import datetime
assert datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Rome")).utcoffset() == datetime.timedelta(hours=2)
assert datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("America/Argentina/Ushuaia")).utcoffset() == datetime.timedelta(hours=-3)
assert len(zoneinfo.available_timezones()) > 400
assert tzdata.IANA_VERSION

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "python-dateutil",
# ]
# ///
import datetime
import dateutil
import dateutil.zoneinfo
from dateutil import parser, relativedelta, rrule, tz

assert parser.parse("3 Jan 2024 4pm CET", tzinfos={"CET": 3600}).utcoffset() == datetime.timedelta(hours=1)
assert parser.isoparse("2024-01-02T03:04:05Z").tzinfo == tz.UTC
assert datetime.date(2024, 1, 31) + relativedelta.relativedelta(months=1) == datetime.date(2024, 2, 29)
assert [d.day for d in rrule.rrule(rrule.WEEKLY, count=3, dtstart=datetime.datetime(2024, 1, 1))] == [1, 8, 15]
assert tz.gettz("Europe/Rome") is not None
assert dateutil.zoneinfo.get_zonefile_instance().get("America/New_York") is not None
assert dateutil.easter.easter(2024) == datetime.date(2024, 3, 31)
try:
    parser.parse("not a date")
    raise SystemExit("no error")
except parser.ParserError:
    pass
assert rrule.rrulestr("FREQ=DAILY;COUNT=2", dtstart=datetime.datetime(2024, 1, 1)).count() == 2

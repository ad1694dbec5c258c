# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "icalendar",
# ]
# ///
import datetime
import icalendar

text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART;TZID=Europe/Rome:20240101T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
calendar = icalendar.Calendar.from_ical(text)
event = calendar.walk("VEVENT")[0]
assert str(event["SUMMARY"]) == "x"
assert event["DTSTART"].dt.utcoffset() == datetime.timedelta(hours=1)
windows = icalendar.Calendar.from_ical(text.replace("Europe/Rome", "W. Europe Standard Time"))
assert windows.walk("VEVENT")[0]["DTSTART"].dt.utcoffset() == datetime.timedelta(hours=1)
made = icalendar.Event()
made.add("dtstart", datetime.datetime(2024, 1, 1, 10, tzinfo=datetime.timezone.utc))
made.add("rrule", {"freq": "daily", "count": 3})
assert b"RRULE:FREQ=DAILY;COUNT=3" in made.to_ical()

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "dateparser",
# ]
# ///
import datetime
import dateparser
from dateparser.search import search_dates

assert dateparser.parse("12 janvier 2021") == datetime.datetime(2021, 1, 12)
assert dateparser.parse("3. März 2020", languages=["de"]) == datetime.datetime(2020, 3, 3)
assert dateparser.parse("5 मार्च 2019", locales=["hi"]).month == 3
base = datetime.datetime(2024, 5, 5)
assert dateparser.parse("2 days ago", settings={"RELATIVE_BASE": base}) == datetime.datetime(2024, 5, 3)
assert dateparser.parse("2024-01-01 10:00 EST").utcoffset() is not None
assert search_dates("due on 4 July 2022 at noon")[0][1].year == 2022

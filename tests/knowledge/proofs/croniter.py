# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "croniter",
# ]
# ///
import datetime
import croniter

start = datetime.datetime(2024, 1, 31, 23, 58)
times = croniter.croniter("*/5 9-17 * * mon-fri", start)
assert [times.get_next(datetime.datetime).isoformat() for _ in range(2)] == ["2024-02-01T09:00:00", "2024-02-01T09:05:00"]
assert times.get_prev(datetime.datetime) == datetime.datetime(2024, 2, 1, 9)
assert croniter.croniter("0 0 l * *", start).get_next(datetime.datetime).day == 29
assert not croniter.croniter.is_valid("61 * * * *") and croniter.croniter.match("58 23 31 1 *", start)
assert croniter.croniter("H H * * *", start, hash_id="job").get_next(float) > 0
try:
    croniter.croniter("* * *", start)
    raise SystemExit("no error")
except croniter.CroniterBadCronError:
    pass

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "arrow",
# ]
# ///
import arrow

moment = arrow.get("2024-05-01T12:00:00+02:00")
assert moment.to("Asia/Tokyo").hour == 19
assert arrow.get("2024-05-01").humanize(arrow.get("2024-05-03"), locale="de") == "vor 2 Tagen"
assert moment.format("dddd D MMMM", locale="fr") == "mercredi 1 mai"
assert arrow.get("1 mai 2024", "D MMMM YYYY", locale="fr").month == 5
assert moment.shift(months=1).floor("week").day == 27

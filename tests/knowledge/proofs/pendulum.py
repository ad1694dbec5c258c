# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pendulum",
# ]
# ///
import pendulum

moment = pendulum.datetime(2024, 5, 1, tz="Europe/Rome")
assert moment.in_timezone("America/New_York").hour == 18
assert moment.format("dddd", locale="de") == "Mittwoch"
assert pendulum.parse("2024-W18-3").day == 1
assert moment.diff_for_humans(moment.add(days=2), locale="es") == "2 días antes"
assert pendulum.duration(days=8).in_words(locale="fr") == "1 semaine 1 jour"

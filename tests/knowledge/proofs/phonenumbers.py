# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "phonenumbers",
# ]
# ///
import phonenumbers
from phonenumbers import carrier, geocoder, timezone

number = phonenumbers.parse("+39 06 1234 5678")
assert phonenumbers.is_valid_number(number) and phonenumbers.region_code_for_number(number) == "IT"
assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) == "+39 06 1234 5678"
assert geocoder.description_for_number(number, "en") == "Rome"
assert "Europe/Rome" in timezone.time_zones_for_number(number)
assert carrier.name_for_number(phonenumbers.parse("+491711234567"), "en")
assert phonenumbers.is_valid_number(phonenumbers.parse("020 7946 0958", "GB"))
assert phonenumbers.AsYouTypeFormatter("US").input_digit("6") == "6"
assert phonenumbers.is_emergency_number("112", "DE")
try:
    phonenumbers.parse("x")
    raise SystemExit("no error")
except phonenumbers.NumberParseException:
    pass

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pycountry",
# ]
# ///
import pycountry

assert pycountry.countries.get(alpha_2="IT").name == "Italy"
assert pycountry.currencies.get(alpha_3="EUR").numeric == "978"
assert pycountry.subdivisions.get(code="DE-BY").name == "Bayern"
assert pycountry.languages.get(alpha_2="de").name == "German"
assert pycountry.countries.search_fuzzy("Österreich" if False else "Austria")[0].alpha_3 == "AUT"
import gettext
assert gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["de"]).gettext("Italy") == "Italien"

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tldextract",
#   "validators",
#   "chardet",
#   "humanize",
#   "geopy",
# ]
# ///
import datetime
import chardet
import humanize
import tldextract
import validators
from geopy.distance import geodesic
from geopy.geocoders import Nominatim

assert tldextract.TLDExtract(suffix_list_urls=())("http://a.b.co.uk/x").domain == "b"
assert validators.url("https://x.com") and not validators.email("x") and validators.iban("DE89370400440532013000")
assert chardet.detect("Größe öäü schön".encode("utf-8"))["encoding"]
assert humanize.naturalsize(10**6) == "1.0 MB"
humanize.i18n.activate("de_DE")
assert humanize.naturaldelta(datetime.timedelta(days=3)) == "3 Tage"
assert 100 < geodesic((0, 0), (1, 0)).km < 120
assert Nominatim(user_agent="x").domain

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "Unidecode",
# ]
# ///
from unidecode import unidecode

assert unidecode("北京 Größe Ñandú") == "Bei Jing  Grosse Nandu"
assert unidecode("Привет") == "Privet" and unidecode("한국") == "hangug"

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "charset-normalizer",
# ]
# ///
import charset_normalizer
from charset_normalizer import detect, from_bytes, is_binary

text = "Größenwahn und Übermut, schöne Grüße aus Köln, wo es öfter regnet."
assert str(from_bytes(text.encode("utf-8")).best()) == text
assert from_bytes(text.encode("cp1252")).best() is not None
assert detect(text.encode("utf-8"))["encoding"].replace("_", "-").lower().startswith("utf-8")
assert is_binary(bytes(range(256)) * 4)
assert str(from_bytes("Всеки човек има право на образование.".encode("cp1251")).best())

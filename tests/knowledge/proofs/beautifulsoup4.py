# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "beautifulsoup4",
#   "lxml",
#   "html5lib",
#   "chardet",
# ]
# ///
from bs4 import BeautifulSoup, SoupStrainer

text = "<html><body><p class='a b'>Hi <b>you</b></p><a href='/x'>l</a><!-- c --></body></html>"
for parser in ("html.parser", "lxml", "html5lib", "xml"):
    soup = BeautifulSoup(text, parser)
    assert soup.find("b").text == "you", parser
    assert soup.select_one("a[href^='/']")["href"] == "/x", parser
soup = BeautifulSoup(text, "lxml")
assert soup.p["class"] == ["a", "b"] and soup.select("p > b:-soup-contains('you')")
soup.p.append(soup.new_tag("i"))
assert "<i></i>" in soup.prettify(formatter="html").replace("\n", "").replace(" ", "")
assert BeautifulSoup("<p>\xe9</p>".encode("latin-1"), "html.parser").original_encoding
assert len(BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("a"))) == 1
assert BeautifulSoup("<p>\u043f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440, \u043a\u0430\u043a \u0434\u0435\u043b\u0430</p>".encode("windows-1251"), "html.parser").original_encoding == "windows-1251"

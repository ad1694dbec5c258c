# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "lxml",
#   "cssselect",
# ]
#
# [tool.proof]
# pins = [
#   "lxml: drop /lxml/includes/",
# ]
# ///
import io
from lxml import etree, html, objectify

root = etree.fromstring("<a xmlns:x='u'><b n='1'>t</b><b n='2'/><x:c/></a>")
assert root.xpath("string(b[@n='1'])") == "t"
assert root.find(".//{u}c") is not None and len(root.findall("b")) == 2
assert [event for event, _ in etree.iterparse(io.BytesIO(etree.tostring(root)))] == ["end"] * 4
style = etree.XSLT(etree.XML("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><o><xsl:value-of select='//b'/></o></xsl:template></xsl:stylesheet>"))
assert str(style(root)).strip().endswith("<o>t</o>")
schema = etree.XMLSchema(etree.XML("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='xs:int'/></xs:schema>"))
assert schema.validate(etree.XML("<a>1</a>")) and not schema.validate(etree.XML("<a>x</a>"))
page = html.fromstring("<p class=k>Hi <a href=/x>link</a><form><input name=q value=1></form>")
assert page.text_content().startswith("Hi")
assert page.cssselect("a")[0].get("href") == "/x"
page.make_links_absolute("http://h/")
assert list(page.iterlinks())[0][2] == "http://h/x"
assert page.forms[0].fields["q"] == "1"
thing = objectify.fromstring("<r><n>3</n></r>")
assert thing.n + 1 == 4
try:
    etree.fromstring("<a>")
    raise SystemExit("no error")
except etree.XMLSyntaxError:
    pass
from lxml import isoschematron
assert isoschematron.Schematron(etree.XML("<schema xmlns='http://purl.oclc.org/dsdl/schematron'><pattern><rule context='a'><assert test='b'>need b</assert></rule></pattern></schema>")).validate(root)
from lxml.builder import E
assert etree.tostring(E.x(E.y("1"))) == b"<x><y>1</y></x>"

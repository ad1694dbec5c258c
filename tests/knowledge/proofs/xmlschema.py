# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "xmlschema",
# ]
# ///
import xmlschema

head = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
schema = xmlschema.XMLSchema(f'{head}<xs:element name="a" type="xs:int"/></xs:schema>')
assert schema.is_valid("<a>1</a>") and not schema.is_valid("<a>x</a>")
assert schema.decode("<a>7</a>") == 7
dated = xmlschema.XMLSchema11(f'{head}<xs:element name="a" type="xs:date"/></xs:schema>')
assert str(dated.decode("<a>2024-01-01</a>")) == "2024-01-01"
try:
    schema.validate("<b/>")
    raise SystemExit("no error")
except xmlschema.XMLSchemaValidationError:
    pass

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "zeep",
# ]
# ///
import io
import zeep
from zeep.transports import Transport

wsdl = b"""<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t"><xs:element name="In"><xs:complexType><xs:sequence><xs:element name="d" type="xs:date"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="Out" type="xs:decimal"/></xs:schema></types>
<message name="I"><part name="p" element="t:In"/></message><message name="O"><part name="p" element="t:Out"/></message>
<portType name="P"><operation name="Do"><input message="t:I"/><output message="t:O"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Do"><soap:operation soapAction="a"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://127.0.0.1:9/"/></port></service></definitions>"""
client = zeep.Client(io.BytesIO(wsdl), transport=Transport(timeout=1, operation_timeout=1))
import datetime
message = client.create_message(client.service, "Do", d=datetime.date(2024, 1, 2))
from lxml import etree
assert b"2024-01-02" in etree.tostring(message)
try:
    client.service.Do(d=datetime.date(2024, 1, 2))
    raise SystemExit("no error")
except Exception as error:
    assert "127.0.0.1" in str(error)
assert client.get_type("{http://www.w3.org/2001/XMLSchema}int").pythonvalue("3") == 3

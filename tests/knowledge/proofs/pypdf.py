# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pypdf",
#   "reportlab",
#   "cryptography",
# ]
# ///
import io
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

out = io.BytesIO()
page = canvas.Canvas(out)
page.drawString(72, 700, "Hello pdf")
page.save()
reader = PdfReader(out)
assert "Hello pdf" in reader.pages[0].extract_text()
writer = PdfWriter()
writer.append(reader)
writer.pages[0].rotate(90)
writer.encrypt("p", algorithm="AES-256")
made = io.BytesIO()
writer.write(made)
again = PdfReader(made)
assert again.is_encrypted and again.decrypt("p") and len(again.pages) == 1

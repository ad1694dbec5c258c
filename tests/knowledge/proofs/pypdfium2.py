# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pypdfium2",
#   "reportlab",
# ]
# ///
import io
import pypdfium2
from reportlab.pdfgen import canvas

out = io.BytesIO()
page = canvas.Canvas(out)
page.drawString(72, 700, "Hello")
page.save()
document = pypdfium2.PdfDocument(out.getvalue())
assert len(document) == 1
assert "Hello" in document[0].get_textpage().get_text_range()
assert document[0].render(scale=0.2).to_pil().size[0] > 10

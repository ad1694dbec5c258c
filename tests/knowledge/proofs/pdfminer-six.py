# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pdfminer.six",
#   "reportlab",
# ]
# ///
import io
from pdfminer.high_level import extract_pages, extract_text
from reportlab.pdfgen import canvas

out = io.BytesIO()
page = canvas.Canvas(out)
page.drawString(72, 700, "Hello pdf")
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
page.setFont("HeiseiMin-W3", 12)
page.drawString(72, 600, "日本")
page.save()
assert "Hello pdf" in extract_text(io.BytesIO(out.getvalue()))
assert "日本" in extract_text(io.BytesIO(out.getvalue()))
assert len(list(extract_pages(io.BytesIO(out.getvalue())))) == 1

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "reportlab",
# ]
#
# [tool.proof]
# pins = [
#   "reportlab: drop /reportlab/fonts/*.sfd",
#   "reportlab: drop /reportlab/fonts/[_cszx]*__.pfb",
# ]
# ///
import io
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

buffer = io.BytesIO()
page = canvas.Canvas(buffer, pagesize=A4)
for font in ("Helvetica", "Times-Roman", "Courier-Bold", "Symbol", "ZapfDingbats"):
    page.setFont(font, 12)
    page.drawString(72, 700, "hi ä")
page.setFillColor(colors.red)
page.linkURL("https://x.y", (0, 0, 9, 9))
page.showPage()
page.save()
assert buffer.getvalue().startswith(b"%PDF")
styles = getSampleStyleSheet()
from PIL import Image as PillowImage
png = io.BytesIO()
PillowImage.new("RGBA", (5, 5), "red").save(png, "PNG")
png.seek(0)
drawing = Drawing(50, 50)
drawing.add(Rect(0, 0, 10, 10))
story = [Paragraph("a <b>b</b> <i>c</i> <font color='red'>d</font> &uuml;", styles["Title"]), Spacer(1, 9), Image(png, 20, 20), drawing,
         Table([["a", 1], ["b", 2]], style=TableStyle([("GRID", (0, 0), (-1, -1), 1, colors.grey)])), PageBreak(), Paragraph("x " * 500, styles["BodyText"])]
out = io.BytesIO()
SimpleDocTemplate(out, title="t").build(story)
assert out.getvalue().count(b"/Type /Page") >= 2
from reportlab.graphics.barcode import createBarcodeDrawing
assert createBarcodeDrawing("Code128", value="123").width > 0
assert createBarcodeDrawing("QR", value="123").width > 0
from reportlab.graphics import renderPDF, renderSVG
assert b"%PDF" in renderPDF.drawToString(drawing)
assert "<svg" in renderSVG.drawToString(drawing)
from reportlab.graphics.charts.barcharts import VerticalBarChart
chart = VerticalBarChart()
chart.data = [[1, 2]]
drawing.add(chart)
assert renderPDF.drawToString(drawing)
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
assert pdfmetrics.stringWidth("abc", "Vera", 10) > 0
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

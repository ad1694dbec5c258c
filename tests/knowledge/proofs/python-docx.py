# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "python-docx",
#   "Pillow",
# ]
# ///
import io
import docx
from docx.shared import Inches

document = docx.Document()
document.add_heading("T", 0)
document.add_paragraph("hello", style="List Bullet").add_run(" bold").bold = True
table = document.add_table(1, 2, style="Table Grid")
table.cell(0, 0).text = "c"
from PIL import Image
png = io.BytesIO()
Image.new("RGB", (4, 4)).save(png, "PNG")
document.add_picture(png, width=Inches(1))
document.sections[0].header.paragraphs[0].text = "head"
document.add_comment(document.paragraphs[1].runs, text="c", author="a") if hasattr(document, "add_comment") else None
out = io.BytesIO()
document.save(out)
again = docx.Document(io.BytesIO(out.getvalue()))
assert again.paragraphs[1].text == "hello bold" and again.tables[0].cell(0, 0).text == "c"
assert again.sections[0].header.paragraphs[0].text == "head" and len(again.inline_shapes) == 1

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "python-pptx",
# ]
# ///
import io
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

deck = Presentation()
slide = deck.slides.add_slide(deck.slide_layouts[1])
slide.shapes.title.text = "T"
data = CategoryChartData()
data.categories = ["a", "b"]
data.add_series("s", (1, 2))
slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(3), Inches(3), data)
slide.shapes.add_table(2, 2, 0, 0, Inches(1), Inches(1))
slide.notes_slide.notes_text_frame.text = "note"
out = io.BytesIO()
deck.save(out)
again = Presentation(io.BytesIO(out.getvalue()))
first = again.slides[0]
assert first.shapes.title.text == "T"
assert first.notes_slide.notes_text_frame.text == "note"
chart = next(shape.chart for shape in first.shapes if shape.has_chart)
assert list(chart.plots[0].categories) == ["a", "b"]
assert chart.part.chart_workbook.xlsx_part.blob[:2] == b"PK"
table = next(shape.table for shape in first.shapes if shape.has_table)
assert len(table.rows) == 2
assert [layout.name for layout in again.slide_layouts][:2] == ["Title Slide", "Title and Content"]

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "openpyxl",
# ]
# ///
import datetime
import io
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

book = Workbook()
sheet = book.active
for row in (["k", "v"], ["a", 1], ["b", 2.5], ["d", datetime.date(2024, 1, 2)], ["f", "=SUM(B2:B3)"]):
    sheet.append(row)
sheet["A1"].font = Font(bold=True)
sheet["A1"].fill = PatternFill("solid", fgColor="DDDDDD")
sheet.add_table(Table(displayName="T", ref="A1:B3"))
sheet.conditional_formatting.add("B2:B3", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FF0000"))
chart = BarChart()
chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
sheet.add_chart(chart, "D2")
sheet.merge_cells("D1:E1")
sheet["A2"].comment = __import__("openpyxl.comments").comments.Comment("c", "me")
buffer = io.BytesIO()
book.save(buffer)
buffer.seek(0)
again = load_workbook(buffer)
assert again.active["B3"].value == 2.5 and again.active["B4"].value == datetime.datetime(2024, 1, 2)
assert again.active["A1"].font.bold and "T" in again.active.tables and again.active["A2"].comment.text == "c"
buffer.seek(0)
rows = list(load_workbook(buffer, read_only=True, data_only=True).active.iter_rows(values_only=True))
assert rows[1][:2] == ("a", 1)
assert get_column_letter(28) == "AB"
stream = Workbook(write_only=True)
stream.create_sheet().append([1, 2])
stream.save(io.BytesIO())
try:
    load_workbook(io.BytesIO(b"nope"))
    raise SystemExit("no error")
except Exception as error:
    assert type(error).__name__ == "BadZipFile"

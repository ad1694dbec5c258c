# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "xlsxwriter",
# ]
# ///
import io
import zipfile
import xlsxwriter

buffer = io.BytesIO()
book = xlsxwriter.Workbook(buffer, {"in_memory": True})
sheet = book.add_worksheet("S")
bold = book.add_format({"bold": True, "num_format": "0.00"})
sheet.write_row(0, 0, ["a", 1, 2.5], bold)
sheet.write_formula("A2", "=SUM(B1:C1)")
sheet.write_url("A3", "https://example.com")
sheet.conditional_format("B1:C1", {"type": "3_color_scale"})
sheet.add_table("E1:F3", {"columns": [{"header": "h"}, {"header": "i"}]})
sheet.write_comment("A1", "c")
for kind in ("column", "pie", "line", "area", "radar", "bar", "doughnut"):
    chart = book.add_chart({"type": kind})
    chart.add_series({"values": "=S!$B$1:$C$1"})
    sheet.insert_chart("H1", chart)
book.close()
names = zipfile.ZipFile(buffer).namelist()
assert "xl/worksheets/sheet1.xml" in names and "xl/charts/chart1.xml" in names
assert xlsxwriter.utility.xl_rowcol_to_cell(0, 27) == "AB1"

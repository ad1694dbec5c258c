# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pyexcel",
#   "pyexcel-xlsx",
# ]
#
# [tool.proof]
# pins = [
#   "pyexcel: hidden pyexcel.internal",
# ]
# ///
import pyexcel

for kind in ("xlsx", "csv", "tsv"):
    written = pyexcel.Sheet([[1, 2], [3, 4]]).save_to_memory(kind).getvalue()
    assert pyexcel.get_array(file_content=written, file_type=kind) == [[1, 2], [3, 4]], kind
assert pyexcel.get_records(array=[["a"], [1]]) == [{"a": 1}]
assert pyexcel.get_book_dict(bookdict={"one": [[1]]}) == {"one": [[1]]}

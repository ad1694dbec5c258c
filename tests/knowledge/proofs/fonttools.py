# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "fonttools",
#   "reportlab",
#   "brotli",
# ]
# ///
import io
import os
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

import reportlab
path = os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")
font = TTFont(path)
assert font["name"].getDebugName(1) == "Bitstream Vera Sans"
assert 65 in font.getBestCmap()
for tag in font.keys():
    font[tag]
subsetter = Subsetter(Options())
subsetter.populate(text="ab")
subsetter.subset(font)
out = io.BytesIO()
font.save(out)
assert 0 < out.tell() < os.path.getsize(path)
out.seek(0)
again = TTFont(out)
assert sorted(again.getBestCmap()) == [97, 98]
xml = io.StringIO()
again.saveXML(xml)
assert "<ttFont" in xml.getvalue()
from fontTools.pens.boundsPen import BoundsPen
glyphs = again.getGlyphSet()
pen = BoundsPen(glyphs)
glyphs["a"].draw(pen)
assert pen.bounds
again.flavor = "woff2"
packed = io.BytesIO()
again.save(packed)
assert packed.getvalue()[:4] == b"wOF2"
packed.seek(0)
assert sorted(TTFont(packed).getBestCmap()) == [97, 98]

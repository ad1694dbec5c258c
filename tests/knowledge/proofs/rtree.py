# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "rtree",
#   "pyproj",
#   "shapely",
# ]
# ///
import pyproj
import rtree

index = rtree.index.Index()
index.insert(0, (0, 0, 1, 1))
assert list(index.intersection((0.5, 0.5, 2, 2))) == [0]
x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(10, 50)
assert round(x) == 1113195
assert pyproj.CRS("EPSG:25832").name and pyproj.Geod(ellps="WGS84").inv(0, 0, 1, 0)[2] > 1e5

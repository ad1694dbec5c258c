# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "shapely",
# ]
# ///
import shapely
from shapely import wkt
from shapely.geometry import Point, Polygon, mapping, shape
from shapely.ops import nearest_points, unary_union

a = Point(0, 0).buffer(1)
square = Polygon([(0, 0), (2, 0), (2, 2), (0, 2)])
assert 3.1 < a.area < 3.2 and square.contains(Point(1, 1))
assert a.intersection(square).area < 1 and unary_union([a, square]).geom_type == "Polygon"
assert shape(mapping(square)).equals(square)
assert wkt.loads("POINT (1 2)").x == 1 and shapely.from_wkb(shapely.to_wkb(square)).equals(square)
assert nearest_points(Point(5, 1), square)[1].x == 2
tree = shapely.STRtree([square])
assert tree.query(Point(1, 1)).tolist() == [0]
assert shapely.make_valid(Polygon([(0, 0), (1, 1), (0, 1), (1, 0)])).is_valid
import pickle
assert pickle.loads(pickle.dumps(square)).equals(square)

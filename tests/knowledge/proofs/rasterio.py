# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "rasterio",
#   "pyproj",
# ]
# ///
import numpy as np
import rasterio
from pyproj import CRS, Transformer
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from rasterio.warp import reproject, transform_bounds

x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(10, 50)
assert abs(x - 1113194.9) < 1 and abs(y - 6446275.8) < 1
assert CRS.from_user_input("EPSG:25832").name == "ETRS89 / UTM zone 32N"
profile = dict(driver="GTiff", width=4, height=3, count=1, dtype="uint8", crs="EPSG:4326", transform=from_origin(0, 3, 1, 1))
with MemoryFile() as memory:
    with memory.open(**profile) as out:
        out.write(np.ones((1, 3, 4), np.uint8))
    with memory.open() as back:
        assert back.read(1).sum() == 12
        assert back.crs.to_epsg() == 4326
assert transform_bounds("EPSG:4326", "EPSG:3857", 0, 0, 1, 1)[2] > 111000
target = np.zeros((3, 4), np.uint8)
reproject(np.ones((3, 4), np.uint8), target, src_transform=profile["transform"], src_crs="EPSG:4326", dst_transform=profile["transform"], dst_crs="EPSG:4326")
assert target.sum() == 12

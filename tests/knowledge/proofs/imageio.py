# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "imageio[ffmpeg]",
#   "pillow",
# ]
# ///
import tempfile
import imageio.v3 as iio
import numpy as np

folder = tempfile.mkdtemp()
image = np.zeros((32, 32, 3), np.uint8)
image[8:16] = 200
iio.imwrite(f"{folder}/a.png", image)
assert (iio.imread(f"{folder}/a.png") == image).all()
assert iio.improps(f"{folder}/a.png").shape == (32, 32, 3)
iio.imwrite(f"{folder}/a.gif", np.stack([image, image]))
assert len(iio.imread(f"{folder}/a.gif")) >= 1
iio.imwrite(f"{folder}/a.mp4", np.stack([image] * 10), fps=10)
assert iio.imread(f"{folder}/a.mp4", plugin="FFMPEG").shape[1:] == (32, 32, 3)
iio.imwrite(f"{folder}/a.bmp", image)
assert iio.immeta(f"{folder}/a.bmp") is not None

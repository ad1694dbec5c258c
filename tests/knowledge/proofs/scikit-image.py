# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "scikit-image",
# ]
# ///
import numpy as np
from skimage.color import rgb2gray
from skimage.feature import canny
from skimage.filters import gaussian, threshold_otsu
from skimage.io import imread, imsave
from skimage.measure import label
from skimage.morphology import disk
from skimage.transform import resize, rotate

image = np.zeros((20, 20))
image[5:10, 5:10] = 1
assert gaussian(image, 1).shape == (20, 20)
assert 0 < threshold_otsu(np.repeat([[10.0, 200.0]], 8, axis=0)) < 200
assert resize(image, (5, 5)).shape == (5, 5)
assert rotate(image, 30).shape == (20, 20)
assert label(image > 0).max() == 1
assert canny(image).any()
assert disk(2).shape == (5, 5)
assert rgb2gray(np.zeros((2, 2, 3))).shape == (2, 2)
import tempfile
path = tempfile.mkdtemp() + "/x.png"
imsave(path, (image * 255).astype("uint8"), check_contrast=False)
assert imread(path).shape == (20, 20)

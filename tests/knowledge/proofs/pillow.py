# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "Pillow",
# ]
# ///
import io
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

image = Image.new("RGB", (40, 30), "#336699")
ImageDraw.Draw(image).ellipse((5, 5, 20, 20), fill="red")
ImageDraw.Draw(image).text((2, 2), "hi", font=ImageFont.load_default(12))
for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PDF", "PPM", "TGA", "JPEG2000", "AVIF", "PCX", "ICNS", "EPS", "DDS", "SGI"):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    assert buffer.tell() > 0, kind
    if kind not in ("PDF", "EPS"):
        buffer.seek(0)
        again = Image.open(buffer)
        again.load()
        assert again.format, kind
assert image.resize((10, 10), Image.Resampling.LANCZOS).size == (10, 10)
assert image.filter(ImageFilter.GaussianBlur(2)).size == image.size
assert ImageOps.grayscale(image).mode == "L" and ImageOps.exif_transpose(image).size == image.size
assert ImageEnhance.Contrast(image).enhance(1.5).size == image.size
thumb = image.copy()
thumb.thumbnail((8, 8))
assert max(thumb.size) == 8
assert image.convert("CMYK").mode == "CMYK" and image.quantize(4).mode == "P" and image.convert("HSV").mode == "HSV"
try:
    Image.open(io.BytesIO(b"not an image"))
    raise SystemExit("no error")
except Image.UnidentifiedImageError:
    pass
frames = io.BytesIO()
image.save(frames, "GIF", save_all=True, append_images=[thumb])
frames.seek(0)
assert Image.open(frames).n_frames == 2
exif = Image.Exif()
exif[0x010E] = "d"
tagged = io.BytesIO()
image.save(tagged, "JPEG", exif=exif)
tagged.seek(0)
assert Image.open(tagged).getexif()[0x010E] == "d"
from PIL import ImageCms, features
assert features.check("webp") and features.version("freetype2")
profile = ImageCms.createProfile("sRGB")
assert ImageCms.getProfileName(ImageCms.ImageCmsProfile(profile))

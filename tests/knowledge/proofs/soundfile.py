# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "soundfile",
#   "numpy",
# ]
# ///
import io
import numpy as np
import soundfile

out = io.BytesIO()
soundfile.write(out, np.zeros(100), 8000, format="WAV")
out.seek(0)
data, rate = soundfile.read(out)
assert rate == 8000 and data.shape == (100,)
assert "FLAC" in soundfile.available_formats()

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "joblib",
#   "numpy",
#   "lz4",
# ]
# ///
import os
import tempfile
import joblib
import numpy as np

folder = tempfile.mkdtemp()
path = os.path.join(folder, "x.joblib")
for compress in (0, 3, ("gzip", 3), ("lzma", 2), ("bz2", 2), ("lz4", 1)):
    joblib.dump({"a": np.arange(5), "b": [1]}, path, compress=compress)
    assert joblib.load(path)["a"].tolist() == [0, 1, 2, 3, 4]
assert joblib.load(path)["b"] == [1]
joblib.dump(np.arange(5), path)
assert joblib.load(path, mmap_mode="r")[4] == 4
memory = joblib.Memory(folder, verbose=0)
calls = []
@memory.cache
def f(x):
    calls.append(x)
    return x + 1
assert f(1) == 2 and f(1) == 2 and calls == [1]
assert joblib.hash(np.arange(3)) == joblib.hash(np.arange(3))
from math import sqrt
assert joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(sqrt)(i) for i in (1, 4)) == [1, 2]
assert joblib.cpu_count() >= 1

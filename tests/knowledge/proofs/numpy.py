# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "numpy",
# ]
# ///
import io
import pickle
import numpy as np

a = np.arange(12, dtype=float).reshape(3, 4)
assert a.sum() == 66 and a.mean(axis=0)[0] == 4 and np.var(a) > 0
assert np.allclose(np.linalg.inv(np.array([[2.0, 0], [0, 4]])), [[0.5, 0], [0, 0.25]])
assert np.linalg.svd(a)[1].shape == (3,)
assert abs(np.fft.fft(a[0])[0].real - 6) < 1e-9
rng = np.random.default_rng(3)
assert rng.normal(size=5).shape == (5,)
assert pickle.loads(pickle.dumps(rng)).integers(10**9) == rng.integers(10**9)
assert np.random.RandomState(1).choice([1, 2, 3]) in (1, 2, 3)
buffer = io.BytesIO()
np.savez_compressed(buffer, a=a)
buffer.seek(0)
assert (np.load(buffer)["a"] == a).all()
assert np.loadtxt(io.StringIO("1 2\n3 4")).shape == (2, 2)
assert np.genfromtxt(io.StringIO("1,,3"), delimiter=",", filling_values=9)[1] == 9
assert np.ma.masked_array([1, 2], mask=[0, 1]).sum() == 1
assert np.polynomial.Polynomial([1, 2])(3) == 7 and np.polyfit([0, 1], [0, 2], 1)[0] > 1.9
assert np.array(["a", "bc"]).astype("U5")[1] == "bc" and np.char.upper(["a"])[0] == "A" and np.strings.str_len(["abc"])[0] == 3
assert (np.array(["2024-01-01"], "datetime64[D]") + np.timedelta64(1, "D"))[0] == np.datetime64("2024-01-02")
assert pickle.loads(pickle.dumps(a)).shape == (3, 4)
old = b"cnumpy.core.multiarray\n_reconstruct\n."
assert pickle.loads(old).__name__ == "_reconstruct"
assert "array" in repr(a) and str(np.float64(1.5)) == "1.5"
record = np.rec.array([(1, "x")], dtype=[("n", int), ("s", "U1")])
assert record.s[0] == "x" and np.einsum("ij,kj->ik", a, a).shape == (3, 3)
try:
    np.zeros((1, 2)) @ np.zeros((1, 2))
    raise SystemExit("no error")
except ValueError:
    pass
try:
    np.array([1]).astype("nonsense")
    raise SystemExit("no error")
except TypeError:
    pass
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    np.array([1.0]) / 0
assert caught
assert np.busday_count("2024-01-01", "2024-01-08") == 5
import numpy.testing
numpy.testing.assert_allclose(a, a)

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "scipy",
# ]
# ///
import scipy
import numpy as np

assert abs(scipy.stats.norm.cdf(1.96) - 0.975) < 1e-3
assert scipy.stats.ttest_ind([1, 2, 3], [4, 5, 6]).pvalue < 0.1
assert scipy.optimize.minimize(lambda x: (x[0] - 3) ** 2, [0]).x[0] - 3 < 1e-3
assert scipy.optimize.linprog([1, 1], A_ub=[[-1, -1]], b_ub=[-1]).status == 0
assert abs(scipy.integrate.quad(lambda x: x, 0, 2)[0] - 2) < 1e-9
assert scipy.integrate.solve_ivp(lambda t, y: -y, (0, 1), [1]).success
assert scipy.linalg.lu(np.eye(2))[0].shape == (2, 2)
assert scipy.sparse.csr_matrix([[0, 1], [2, 0]]).dot([1, 1]).tolist() == [1, 2]
assert scipy.sparse.linalg.spsolve(scipy.sparse.csc_matrix(np.eye(2)), [1, 2]).tolist() == [1, 2]
assert scipy.sparse.csgraph.shortest_path(np.array([[0, 1], [1, 0]]))[0, 1] == 1
assert scipy.spatial.KDTree([[0, 0], [1, 1]]).query([0.9, 0.9])[1] == 1
assert scipy.spatial.transform.Rotation.from_euler("z", 90, degrees=True).as_matrix().shape == (3, 3)
assert scipy.signal.butter(2, 0.5)[0].shape == (3,) and scipy.signal.find_peaks([0, 1, 0])[0].tolist() == [1]
assert scipy.interpolate.interp1d([0, 1], [0, 2])(0.5) == 1 and scipy.interpolate.CubicSpline([0, 1, 2], [0, 1, 4])(1) == 1
assert abs(scipy.special.gamma(5) - 24) < 1e-9
assert scipy.fft.fft([1, 0]).shape == (2,)
assert scipy.ndimage.gaussian_filter(np.eye(4), 1).shape == (4, 4)
assert scipy.stats.qmc.Sobol(2, seed=1).random(2).shape == (2, 2)
assert scipy.cluster.hierarchy.linkage([[0.0], [1.0], [5.0]]).shape == (2, 4)
import io
buffer = io.BytesIO()
scipy.io.savemat(buffer, {"a": np.eye(2)})
buffer.seek(0)
assert scipy.io.loadmat(buffer)["a"].shape == (2, 2)
assert scipy.constants.c == 299792458

# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "xarray",
#   "h5netcdf",
#   "h5py",
#   "netCDF4",
#   "zarr",
# ]
# ///
import numpy as np
import xarray as xr
import tempfile

data = xr.Dataset({"t": (("x", "y"), np.arange(6.0).reshape(2, 3))}, coords={"x": [1, 2], "y": ["a", "b", "c"]})
folder = tempfile.mkdtemp()
data.to_netcdf(f"{folder}/a.nc", engine="h5netcdf")
assert xr.open_dataset(f"{folder}/a.nc", engine="h5netcdf")["t"].sum() == 15
data.to_netcdf(f"{folder}/b.nc", engine="netcdf4")
assert float(xr.open_dataset(f"{folder}/b.nc").t.mean()) == 2.5
data.to_zarr(f"{folder}/c.zarr")
assert xr.open_zarr(f"{folder}/c.zarr").sizes["y"] == 3
assert data.groupby("x").mean()["t"].shape == (2, 3)
assert "<div" in data._repr_html_()

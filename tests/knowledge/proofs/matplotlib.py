# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "matplotlib",
# ]
# ///
import io
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import matplotlib.dates

figure, axes = plt.subplots(2, 2, layout="constrained")
axes[0, 0].plot([1, 2, 3], [1, 4, 9], label=r"$x^2$")
axes[0, 0].legend()
axes[0, 1].bar(["a", "b"], [1, 2])
axes[1, 0].imshow([[1, 2], [3, 4]], cmap="viridis")
axes[1, 1].scatter([1, 2], [3, 4], c=[1, 2])
figure.colorbar(axes[1, 0].images[0])
axes[0, 0].set_title("Grüße")
for kind in ("png", "svg", "pdf", "ps", "jpg"):
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, bbox_inches="tight")
    assert buffer.tell() > 1000, kind
plt.close(figure)
with plt.style.context("ggplot"):
    figure, axis = plt.subplots(subplot_kw={"projection": "polar"})
    axis.plot([0, 1], [1, 2])
    figure.tight_layout()
    figure.savefig(io.BytesIO())
figure = plt.figure()
axis = figure.add_subplot(projection="3d")
axis.plot([0, 1], [0, 1], [0, 1])
figure.savefig(io.BytesIO())
figure, axis = plt.subplots()
import datetime
axis.plot([datetime.date(2024, 1, 1), datetime.date(2024, 2, 1)], [1, 2])
axis.set_yscale("log")
axis.contourf([[1, 2], [3, 4]])
axis.hist([1, 2, 2])
figure.autofmt_xdate()
figure.savefig(io.BytesIO())
assert len(plt.colormaps()) > 100 and "ggplot" in plt.style.available
assert matplotlib.font_manager.findfont("DejaVu Sans").endswith("ttf")

"""The first lines of the text: bytes against Lambda's limits, the time of INIT, the cold start."""

from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_size, show_time
from lambda_slim.model.image import IMAGE_LIMIT, ImageReport
from lambda_slim.model.import_report import ColdStartReport, ImportReport
from lambda_slim.model.report import FunctionReport, Sizes
from lambda_slim.render.console import Look, fold
from lambda_slim.render.starts import start_lines

UNZIPPED_LIMIT = 262_144_000
DIRECT_UPLOAD = 50 * 1024**2
UPLOAD = "of 50 MiB for direct upload"
NARROW = 90
_BAR = 24
_CLOSE = 0.8  # of a limit
_BUSY = 1.25  # wall clock over CPU time from which the machine was busy, or INIT waited


def limit_line(label: str, size: int, limit: int, what: str, look: Look) -> str:
    """A size with its share of a limit."""
    share = size / limit
    style = "error" if share > 1 else "warning" if share > _CLOSE else "good"
    bar = look.paint(look.bar(share, _BAR if look.width >= NARROW else _BAR // 2), style)
    shown = look.paint(f"{show_size(size):>10}", "bold")
    return look.plain(f"  {label:<11}{shown}  {bar} {100 * share:4.0f} %  {what}\n")


def size_lines(function: FunctionReport, look: Look) -> list[str]:
    """Sizes, INIT and cold start of a package as it is."""
    sizes, layers = function.before, function.layers_bytes
    image = function.image
    what = f"of 250 MiB, {show_size(layers)} in layers" if layers else "of 250 MiB with layers"
    lines = [] if image else [limit_line("unzipped", sizes.unzipped_bytes + layers, UNZIPPED_LIMIT, what, look)]
    lines += image_lines(image, sizes, look) if image else []
    if sizes.zipped_bytes and not image:
        over = "; take S3" if sizes.zipped_bytes > DIRECT_UPLOAD else ""
        lines.append(limit_line("zipped", sizes.zipped_bytes, DIRECT_UPLOAD, UPLOAD + over, look))
    if function.imports:
        lines.append(_line("import", function.imports.total_us, _timed(function.imports), look))
    if function.cold_start:
        first, basis = _estimated(function.cold_start)
        lines.append(_line("cold start", function.cold_start.init_us, first, look))
        lines.append(" " * 25 + fold(25, basis, look, "dim"))
    return [*lines, *start_lines(function, look), "\n"]


def image_lines(image: ImageReport, sizes: Sizes, look: Look) -> list[str]:
    """The size of an image, what of it is the function, and what a zip of that would be."""
    packed = clause(", {} packed", image.packed_bytes, show_size)
    libc = clause(", {}", image.libc)
    hidden = clause("; {} more lie hidden in lower layers", image.hidden_bytes, show_size)
    fits = "a zip takes 250 MiB" if sizes.unzipped_bytes <= UNZIPPED_LIMIT else "over the 250 MiB of a zip"
    rows = (
        ("base", show_size(image.base_bytes), f"{image.base}{libc}{hidden}"),
        ("function", show_size(sizes.unzipped_bytes), f"{show_size(sizes.zipped_bytes)} as a zip; {fits}"),
    )
    what = f"of 10 GiB; {plural(image.layers, 'layer')}{packed}"
    first = limit_line("image", image.total_bytes, IMAGE_LIMIT, what, look)
    return [first, *(f"  {label:<11}{shown:>10}  " + fold(25, text, look) for label, shown, text in rows)]


def _line(label: str, us: int, text: str, look: Look) -> str:
    shown = look.paint(f"{show_time(us):>10}", "bold")
    return look.plain(f"  {label:<11}{shown}  ") + fold(25, text, look)


def _timed(imports: ImportReport) -> str:
    loaded = len(imports.loaded)
    if imports.bytecode == "unknown":
        middle = f", middle of {imports.runs} runs" if imports.runs > 1 else ""
        return f"{plural(loaded, 'module')}; from {imports.runtime_client}{middle}"
    spread = 100 * imports.spread_us / max(1, imports.total_us)
    code = {"pyc": "bytecode", "source": "no bytecode that works, so everything is compiled again"}
    resident = clause(", {} resident", imports.rss_bytes, show_size)
    said = [
        f"{plural(loaded, 'module')}{resident}",
        f"median of {imports.runs} here, ±{spread:.0f} %{cpu_note(imports)}",
    ]
    said.append(code.get(imports.bytecode, "part of it is compiled again"))
    return "; ".join([*said, imports.runtime_client])


def cpu_note(imports: ImportReport) -> str:
    """How much of INIT was CPU, where it waited or the machine was busy; else ""."""
    return f", {show_time(imports.cpu_us)} of it CPU" if imports.total_us > _BUSY * imports.cpu_us else ""


def _estimated(cold: ColdStartReport) -> tuple[str, str]:
    low, high = show_time(cold.init_low_us), show_time(cold.init_high_us)
    scaled = "your own cold starts" if cold.calibrated else "published figures; `calibrate` fits it to your logs"
    cost = f"${cold.cost_usd_per_million:.2f} per million cold starts"
    return f"INIT on Lambda, 80 %: {low} to {high}; {cost}", f"import CPU measured here, scaled by {scaled}"

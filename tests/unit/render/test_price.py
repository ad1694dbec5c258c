import json

from lambda_slim.model.price import Price, Priced
from lambda_slim.model.report import Sizes
from lambda_slim.render.console import Look
from lambda_slim.render.price import prices_json, render_prices

MIB = 1024**2
HTTPX = Price(
    "httpx",
    "Orders",
    "0.28.1",
    "python3.12 x86_64",
    Priced(Sizes(MIB, 300_000, 90), 20_000, tuple(f"dependency-{n} 1.0" for n in range(12))),
    Priced(Sizes(3 * MIB, 900_000, 200), 41_000, ("httpx 0.28.1",)),
    shared=("certifi 2026.1",),
)
SMALL = Price(
    "six",
    "Orders",
    "1.17",
    "python3.12 x86_64",
    Priced(Sizes(-2048, 0, 0), None, ()),
    Priced(Sizes(9000, 3000, 2), None, ("six 1.17",)),
    changed=("six 1.16 → 1.17",),
    note="no Python 3.12 on this machine: imports were not timed",
)


def test_here_stands_beside_alone():
    lines = render_prices([HTTPX], [], Look()).splitlines()

    assert lines[0] == "httpx 0.28.1 in Orders (python3.12 x86_64)"
    assert lines[2].split() == ["unzipped", "+1.0", "MiB", "3.0", "MiB"]
    assert lines[4].split() == ["import", "+20", "ms", "41", "ms", "import"]
    assert all(len(line) <= 80 for line in render_prices([HTTPX, SMALL], [], Look(width=80)).splitlines())


def test_several_are_set_side_by_side_cheapest_first():
    text = render_prices([HTTPX, SMALL], [("nope", "does not exist")], Look())

    table = text[text.index("side by side") :]
    assert table.index("six") < table.index("httpx")
    assert "−2.0 KiB" in text
    assert "nothing: it is here already" in text
    assert "six 1.16 → 1.17" in text
    assert text.rstrip().endswith("nope: does not exist")
    assert "side by side" not in render_prices([HTTPX], [], Look())


def test_json_has_bytes_and_microseconds():
    found = json.loads(prices_json([HTTPX], [("nope", "why")]))

    assert found["prices"][0]["here"]["import_us"] == 20_000
    assert found["failed"] == [{"requirement": "nope", "why": "why"}]

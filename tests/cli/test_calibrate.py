"""`calibrate` on logs, then `analyze` with what it found."""

import json
import random
import sys

import pytest

LINE = (
    "REPORT RequestId: {0}\tDuration: 2.1 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tInit Duration: {1:.2f} ms\t\n"
)

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(sys.platform != "linux", reason="awslambdaric is for Linux")]


def logs(tool, init_ms):
    noise = random.Random(7)
    text = "".join(LINE.format(number, init_ms * noise.lognormvariate(0, 0.1)) for number in range(40))
    return tool.write("../starts.log", text)


def test_analyze_uses_what_the_logs_say(tool):
    """How fast this machine is may change between two measurements; that a range holds its starts has a unit test."""
    tool.write("helper.py", "import decimal, email.message, http.client\n\ndef answer(event):\n    return 1\n")
    path = logs(tool, 400)
    told = tool("calibrate", path).stdout

    assert "40 cold starts in 40 invocations, median 377 ms" in told
    tool("analyze", "--json", "../report.json", "-q")
    found = json.loads((tool.folder.parent / "report.json").read_text("utf-8"))["functions"][0]["cold_start"]
    assert found["calibrated"]
    assert found["init_low_us"] < 377_000 * 1.5
    assert found["init_high_us"] > 377_000 / 1.5


def test_which_function(tool):
    tool.write("lambda-slim.toml", (tool.folder / "lambda-slim.toml").read_text("utf-8") + 'Two = "app.handler"\n')

    assert "which function are these logs of?" in tool("calibrate", logs(tool, 300), code=2).stderr


def test_no_log_and_no_cold_start(tool):
    assert "is not a log of Lambda" in tool("calibrate", tool.write("../x.log", "hello"), code=2).stderr
    warm = "REPORT RequestId: 1\tDuration: 2 ms\tMemory Size: 128 MB\n"
    assert "no cold start" in tool("calibrate", tool.write("../x.log", warm), code=2).stderr
    assert "cannot read" in tool("calibrate", "missing.log", code=2).stderr

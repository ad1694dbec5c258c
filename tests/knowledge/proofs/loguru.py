# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "loguru",
# ]
# ///
import io
import json
from loguru import logger

out = io.StringIO()
logger.remove()
logger.add(out, format="{level} {message} {extra[k]}", backtrace=True, diagnose=True)
records = io.StringIO()
logger.add(records, serialize=True)
log = logger.bind(k="v")
log.info("hi {}", 1)
@log.catch
def boom():
    return 1 / 0
boom()
assert out.getvalue().startswith("INFO hi 1 v") and "ZeroDivisionError" in out.getvalue()
assert json.loads(records.getvalue().splitlines()[0])["record"]["message"] == "hi 1"
import os
import tempfile
path = os.path.join(tempfile.mkdtemp(), "a.log")
number = logger.add(path, rotation="1 KB", retention=1, compression="gz", enqueue=False)
for index in range(40):
    log.info("x" * 100)
logger.remove(number)
assert any(name.endswith(".gz") for name in os.listdir(os.path.dirname(path)))

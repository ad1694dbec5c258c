# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "structlog",
#   "rich",
# ]
# ///
import io
import json
import structlog

out = io.StringIO()
structlog.configure(processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.StackInfoRenderer(),
                                structlog.processors.dict_tracebacks, structlog.processors.CallsiteParameterAdder(), structlog.processors.JSONRenderer()],
                    logger_factory=structlog.PrintLoggerFactory(out))
structlog.contextvars.bind_contextvars(r="1")
log = structlog.get_logger().bind(a=1)
log.info("hi", b=2)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("bad")
first, second = map(json.loads, out.getvalue().splitlines())
assert first["event"] == "hi" and first["a"] == 1 and first["r"] == "1" and first["level"] == "info"
assert second["exception"][0]["exc_type"] == "ZeroDivisionError"
console = structlog.dev.ConsoleRenderer(colors=False)(None, "info", {"event": "e", "k": "v"})
assert "k=v" in console
import logging
formatter = structlog.stdlib.ProcessorFormatter(processor=structlog.processors.KeyValueRenderer())
assert "event" in formatter.format(logging.LogRecord("n", 20, "p", 1, "m", (), None))
with structlog.testing.capture_logs() as captured:
    structlog.get_logger().warning("w")
assert captured[0]["event"] == "w"
try:
    1 / 0
except ZeroDivisionError:
    drawn = structlog.dev.ConsoleRenderer()(None, "error", {"event": "e", "exc_info": True})
assert "ZeroDivisionError" in drawn and "\u256d" in drawn

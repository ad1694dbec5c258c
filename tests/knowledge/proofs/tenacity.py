# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "tenacity",
# ]
# ///
import asyncio
import tenacity
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter, wait_none

calls = []
@retry(stop=stop_after_attempt(3), wait=wait_none(), retry=retry_if_exception_type(ValueError))
def flaky():
    calls.append(1)
    if len(calls) < 3:
        raise ValueError
    return "ok"
assert flaky() == "ok" and flaky.statistics["attempt_number"] == 3
@retry(stop=stop_after_attempt(2), wait=wait_exponential_jitter(0.001, 0.002))
async def never():
    raise KeyError
try:
    asyncio.run(never())
    raise SystemExit("no error")
except tenacity.RetryError as error:
    assert error.last_attempt.attempt_number == 2
for attempt in tenacity.Retrying(stop=stop_after_attempt(1)):
    with attempt:
        pass
assert attempt.retry_state.attempt_number == 1

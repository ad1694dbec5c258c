"""What is said of lazy imports: both figures, at the function's memory."""

import pytest

from lambda_slim.model.startup_report import StartupReport
from lambda_slim.startup.report import at_memory

REPORT = StartupReport("lazy", eager_us=400_000, lazy_us=100_000, first_event_us=(20_000, 320_000))


@pytest.mark.parametrize(
    ("memory", "said"),
    [
        (1769, "at 1769 MB: INIT 400 ms → 100 ms, first event 20 ms → 320 ms, both 420 ms → 420 ms"),
        (3538, "at 3538 MB: INIT 400 ms → 100 ms, first event 20 ms → 320 ms, both 420 ms → 420 ms"),
        (128, "at 128 MB: INIT 400 ms → 100 ms, first event 276 ms → 4.4 s, both 676 ms → 4.5 s"),
    ],
)
def test_an_event_has_the_share_of_a_processor_that_its_memory_buys(memory, said):
    assert at_memory(REPORT, memory) == said

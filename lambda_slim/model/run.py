"""What a run of a function gave."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What one event gave: `kind` is response or error; `body` is JSON text."""

    event: str
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Run:
    """One life of a function: INIT and its events.

    Attributes:
        init_error: The error document that INIT reported, or None.
        code: Exit code; None where it lived until it was stopped after the last event.
        late: It did not answer in time.
        logs: What it printed.
        client: What drove it: `awslambdaric 4.2.2` or `own client`.
        asked: Addresses off this machine that it asked for, `host:port`, none of which answered; and operations that
            an AWS stub was asked for, `ssm: GetParameter`.
        record: What was recorded, a JSON document a line; see `probe/tracer.py`.
        sdk: `boto3 1.44.8`, where it stood in the place of the runtime's.
    """

    init_error: str | None
    answers: tuple[Answer, ...]
    code: int | None
    late: bool
    logs: str
    client: str
    asked: tuple[str, ...] = ()
    record: str = ""
    sdk: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """One INIT: what `probe/importtime.py` found, or how the child ended without telling.

    Attributes:
        answer: The probe's document; empty where the child ended by itself or was stopped.
        code: Its exit code.
        late: It was stopped at the time limit.
        at: Where it was then, `src/app.py:3`; "" where not known.
        output: What it printed.
    """

    answer: dict[str, Any]
    code: int | None
    late: bool
    at: str
    output: str

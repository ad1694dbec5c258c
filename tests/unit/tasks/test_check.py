from lambda_slim.budgets.difference import with_cause
from lambda_slim.budgets.lock import make_entry
from lambda_slim.model.report import DistributionRow, FunctionReport, Sizes
from lambda_slim.tasks.accept import lowered, updated
from lambda_slim.tasks.check import Checked


def row(name, *, direct=False, by=(), where=""):
    return DistributionRow(name, "1", direct, by, 1, 1, (), 1, 1, where=where)


def checked(name, facts):
    return Checked(FunctionReport(name, "a.b", "python3.12", "x86_64", 128, Sizes(1, 1, 1)), facts, None)


SMALL, LARGE = make_entry(1, 1, 1, {}, []), make_entry(9, 9, 9, {}, [])


def test_a_change_names_the_requirement_that_brought_it():
    rows = [
        row("jose", direct=True, where="requirements.txt:4"),
        row("crypto", by=("jose",)),
        row("cffi", by=("crypto",)),
    ]

    assert with_cause("+ cffi 2.0   +1 MiB", rows) == "+ cffi 2.0   +1 MiB   jose → crypto → cffi (requirements.txt:4)"
    assert with_cause("− gone 2.0   −1 MiB", rows) == "− gone 2.0   −1 MiB"


def test_modules_name_the_requirement_that_brought_them():
    rows = [row("pyyaml", direct=True, where="requirements.txt:2"), row("six", by=("pyyaml",))]
    owners = {"yaml": "pyyaml", "six": "six", "app": "(project)"}

    told = [with_cause(f"+ 3 modules of `{name}` at INIT", rows, owners) for name in ("yaml", "six", "app")]
    assert told == [
        "+ 3 modules of `yaml` at INIT   pyyaml (requirements.txt:2)",
        "+ 3 modules of `six` at INIT   pyyaml → six (requirements.txt:2)",
        "+ 3 modules of `app` at INIT",
    ]


def test_a_circle_of_requirements_ends():
    rows = [row("a", by=("b",)), row("b", by=("a",))]

    assert with_cause("+ a 1   +1 B", rows) == "+ a 1   +1 B   b → a"


def test_a_ratchet_lowers_and_never_raises():
    before = {"A": LARGE, "B": SMALL, "Gone": SMALL}

    found = lowered([checked("A", SMALL), checked("B", LARGE), checked("New", LARGE), checked("Off", None)], before)

    assert found == {"A": SMALL, "B": SMALL, "Gone": SMALL, "New": LARGE}


def test_an_update_of_all_drops_what_is_gone_and_of_some_does_not():
    before = {"A": LARGE, "B": SMALL, "Off": SMALL}
    rows = [checked("A", SMALL), checked("Off", None)]

    assert updated(rows, before, whole=True) == {"A": SMALL, "Off": SMALL}
    assert updated(rows, before, whole=False) == {"A": SMALL, "B": SMALL, "Off": SMALL}

"""What a build says of imports by names that nobody can tell."""

from lambda_slim.model.imports import Unresolved
from lambda_slim.plan.unresolved import unknown_findings


def test_each_place_of_own_code_and_each_library_once():
    gaps = [
        Unresolved("lib/a.py", 3, "import_module(name)", "lib.*"),
        Unresolved("lib/b.py", 4, "import_module(x)", "lib.*"),
        Unresolved("app.py", 7, "import_module(event['m'])", "*"),
        Unresolved("other/a.py", 1, "import_module(given)", ""),  # callers' names were followed
    ]

    found = [(f.rule, f.level, f.file, f.line, f.message) for f in unknown_findings(gaps)]

    said = "which modules `import_module({})` means is only known at run time"
    assert found == [
        ("LS120", "info", "app.py", 7, "everything ships: " + said.format("event['m']")),
        ("LS120", "info", "lib/a.py", 3, f"all of lib ships: {said.format('name')}, and 1 more"),
    ]

"""Data in a package that nothing imports, and that is opened by its path."""

from dataclasses import replace

import pytest

from lambda_slim.model.file import FileKind, Inventory
from lambda_slim.plan.evidence.junk_candidates import find_junk, find_named
from lambda_slim.plan.evidence.referenced_data import find_referenced_data, find_referenced_junk
from tests.unit.factory import file

DATA = "lib/tables/de.json"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("HERE = Path(__file__).parent\nopen(HERE / 'tables' / name)", True),
        ("open(os.path.join(os.path.dirname(__file__), 'tables', name))", True),
        ("resources.files('lib').joinpath('tables', name)", True),
        ("open(os.path.dirname(__file__) + '/tables/' + name)", True),
        ("files = ['de.json', 'libz.so']\nHERE = os.path.dirname(__file__)", True),
        ("HERE = __file__\nKINDS = ['tables', 'figures']", False),  # a word like others
        ("def table(kind='tables'):\n    '''\n    >>> join(__file__, 'tables')\n    '''", False),
        ("open('tables/' + name)", False),  # a folder of the caller
    ],
)
def test_what_a_module_that_ships_puts_together_stays(tmp_path, code, found):
    source = tmp_path / "core.py"
    source.write_text(code)
    files = (
        replace(file("lib/core.py", "lib"), source=source),
        file("lib/tables/__init__.py", "lib"),
        file("lib/tables/make.py", "lib"),
        file(DATA, "lib", kind=FileKind.DATA),
        file("lib/tables/libz.so", "lib", kind=FileKind.LIBRARY),
        file("other/tables/fr.json", "other", kind=FileKind.DATA),
    )

    expected = {DATA, "lib/tables/libz.so"} if found else set()
    assert find_referenced_data(Inventory(files), {"lib/core.py"}) == expected
    assert find_referenced_data(Inventory(files), set()) == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open(os.path.join(os.path.dirname(__file__), 'examples', name))", {"lib/examples/a.json"}),
        ("suite = os.path.join(os.path.dirname(__file__), 'tests', name)", set()),
        ("FOLDERS = ['examples', 'tests']\nHERE = __file__", set()),
    ],
)
def test_examples_to_which_paths_are_put_together(tmp_path, code, found):
    source = tmp_path / "core.py"
    source.write_text(code)
    data = [file(f"lib/{folder}/a.json", "lib", kind=FileKind.DATA) for folder in ("examples", "tests")]
    inventory = Inventory((replace(file("lib/core.py", "lib"), source=source), *data))

    assert find_referenced_junk(inventory, find_junk(inventory), {"lib/core.py"}) == found


def test_sources_in_c_that_are_compiled_at_run_time_are_named_by_their_ending(tmp_path):
    source = tmp_path / "core.py"
    source.write_text('KERNEL = (HERE / "kernels" / f"{name}.c").read_text()\nLOG = f"{name}.py"')
    files = (replace(file("lib/core.py", "lib"), source=source), file("lib/kernels/add.c", "lib", kind=FileKind.DATA))
    inventory = Inventory(files)

    found = find_named(inventory, find_junk(inventory), frozenset({"lib/core.py"}))

    assert found == {"lib": {"add.c"}}

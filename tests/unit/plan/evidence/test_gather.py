"""What live code says of files that look like junk, and which sources and libraries are opened by their path."""

import struct
from dataclasses import replace

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.model.file import FIRST_PARTY, FileKind, Inventory
from lambda_slim.model.imports import Imports
from lambda_slim.plan.evidence.junk_candidates import find_junk, find_named
from lambda_slim.plan.evidence.linked_libraries import find_idle_gpu, find_libraries
from lambda_slim.plan.evidence.source_readers import asked_sources, asks_for_columns, opened_sources, plain_sources
from lambda_slim.plan.evidence.wrong_platform import find_wrong_platform
from tests.binaries import make_elf
from tests.unit.factory import TARGET, file


def named(tmp_path, source, path):
    code = tmp_path / "code.py"
    code.write_text(source)
    inventory = Inventory((replace(file("lib/__init__.py", "lib"), source=code), file(path, "lib")))
    return find_named(inventory, find_junk(inventory), frozenset({"lib/__init__.py"}))["lib"]


def test_a_stub_that_lazy_loader_reads_is_named(tmp_path):
    lazy = "import lazy_loader\n__getattr__, *_ = lazy_loader.attach_stub(__name__, __file__)"

    assert named(tmp_path, lazy, "lib/__init__.pyi") == {"__init__.pyi"}
    assert named(tmp_path, "import lazy_loader", "lib/__init__.pyi") == set()


def test_a_record_that_code_lists_files_from_is_named(tmp_path):
    listing = "from importlib import metadata\nfor file in metadata.files('lib') or ():\n    pass"

    assert named(tmp_path, listing, "lib-1.dist-info/RECORD") == {"RECORD"}
    assert named(tmp_path, "from importlib import metadata\nmetadata.version('lib')", "lib-1.dist-info/RECORD") == set()


@pytest.mark.parametrize(
    ("owner", "code", "expected"),
    [
        ("asker", "found = metadata.packages_distributions()", {"RECORD"}),
        ("asker", "found = metadata.packages_distributions().get(name)", set()),
        ("asker", "# metadata\ndef packages_distributions():\n    '>>> packages_distributions()'", set()),
        ("asker", "for file in metadata.files('lib'): pass", set()),
        (FIRST_PARTY, "found = metadata.packages_distributions().get(name)", {"RECORD"}),
        (FIRST_PARTY, "for file in metadata.files('lib'): pass", {"RECORD"}),
    ],
)
def test_the_record_of_another_distribution(tmp_path, owner, code, expected):
    (tmp_path / "code.py").write_text(f"from importlib import metadata\n{code}\n")
    asker = replace(file("asker.py", owner), source=tmp_path / "code.py")
    records = [file(f"{name}-1.dist-info/RECORD", name) for name in ("asker", "lib")]
    inventory = Inventory((asker, *records))

    assert find_named(inventory, find_junk(inventory), frozenset({"asker.py"}))["lib"] == expected


def test_sources_in_plain_folders_of_packages_are_read():
    paths = ["lib/__init__.py", "lib/code.py", "lib/templates/env.py", "space/part/code.py", "single.py"]
    inventory = Inventory(tuple(file(path, "lib") for path in paths))

    assert plain_sources(inventory) == {"lib/templates/env.py"}


FOUND = {"lib/find.py", "lib/plugins/a.py"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "HERE = dirname(__file__)\nfor f in os.listdir(HERE):\n  if f.endswith('.py'):\n    __import__(f[:-3])",
            {"lib/find.py", "lib/plugins/a.py"},
        ),
        (
            "re.compile(r'^(?P<n>[a-z]+)(\\.py)?$'); os.scandir(__path__[0]); import_module(y)",
            {"lib/find.py", "lib/plugins/a.py"},
        ),
        ("for f in os.listdir(HERE):\n    if f.endswith('.py'):\n        print(f)", set()),
        ("__all__ = [f[:-3] for f in glob.glob(__file__[:-7] + '*.py')]", {"lib/find.py", "lib/plugins/a.py"}),
        ("for f in pkgutil.iter_modules(__path__):\n    import_module(f.name)", set()),
    ],
)
def test_sources_that_a_loader_of_plugins_lists(tmp_path, code, expected):
    source = tmp_path / "find.py"
    source.write_text(code)
    files = (
        replace(file("lib/find.py", "lib"), source=source),
        file("lib/plugins/a.py", "lib"),
        file("other/b.py", "other"),
        file("app.py", FIRST_PARTY),  # of the project's own, all
    )

    graph = Imports({}, {})
    assert opened_sources(Inventory(files), graph, {"lib/find.py"}) == expected | {"app.py"}
    assert opened_sources(Inventory(files), graph, set()) == {"app.py"}


LISTER = "def load(folder):\n  for f in os.listdir(folder):\n    if f.endswith('.py'):\n      __import__(f[:-3])\n"


@pytest.mark.parametrize(
    ("user", "read"),
    [
        ("from lib.find import load\nload(os.path.dirname(__file__))\n", True),
        ("from lib.find import load\ndef run(folder):\n    load(folder or module.__file__ or '__file__')\n", False),
        ("HERE = os.path.dirname(__file__)\n", False),
    ],
)
def test_who_lists_the_folders_of_others_does_not_find_itself(tmp_path, user, read):
    inventory = written(tmp_path, {"lib/__init__.py": "", "lib/find.py": LISTER, "lib/user.py": user})
    live = {file.path for file in inventory.files}

    assert bool(opened_sources(inventory, read_imports(inventory, TARGET), live)) is read


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("TABLE = open(__file__.replace('.py', '.txt')).read()", True),
        ("TABLE = os.path.abspath(__file__)[:-3] + '.txt'", True),
        ("tree = ast.parse(Path(__file__).read_text())", True),
        ("line = linecache.getline(__file__, 3)", True),
        ("HERE = os.path.dirname(os.path.abspath(__file__))", False),
        ("TABLE = Path(__file__).with_suffix('.txt')", False),
        ("def text():\n    return inspect.getsource(Model)", True),
        ("lines = traceback.format_exc().strip().splitlines()", True),
        ("log(traceback.format_exc())", False),
    ],
)
def test_sources_that_ask_for_themselves(tmp_path, code, found):
    inventory = written(tmp_path, {"lib/a.py": code, "lib/b.py": "import other"})
    live = {file.path for file in inventory.files}

    assert asked_sources(inventory, read_imports(inventory, TARGET), live) == ({"lib/a.py"} if found else set())
    assert asked_sources(inventory, read_imports(inventory, TARGET), set()) == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("text = open(os.path.join(os.path.dirname(__file__), '../__init__.py')).read()", {"lib/__init__.py"}),
        ('text = (Path(__file__).parent / "rules/table.py").read_text()', {"lib/sub/rules/table.py"}),
        ("text = pkg_open(__path__[0] + '/' + 'b.py')", {"lib/sub/b.py"}),
        ("text = open('../__init__.py').read()", set()),  # from where the process runs
        ("HERE = os.path.dirname(__file__)\nNAME = 'other.py'", set()),
        ("HERE = os.path.dirname(__file__)\nNAME = 'b.pyc'", set()),
    ],
)
def test_a_path_to_a_source_beside_its_own_place_means_that_it_is_opened(tmp_path, code, found):
    rest = dict.fromkeys(("lib/__init__.py", "lib/sub/__init__.py", "lib/sub/b.py", "lib/sub/rules/table.py"), "")
    inventory = written(tmp_path, {**rest, "lib/sub/a.py": code})
    live = {file.path for file in inventory.files}

    assert asked_sources(inventory, read_imports(inventory, TARGET), live) == found
    assert asked_sources(inventory, read_imports(inventory, TARGET), live - found) <= {"lib/sub/a.py"} - found


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("rows = code.co_positions()", True),
        ("place = inspect.getframeinfo(frame).positions", True),
        ("column = list(dis.get_instructions(code))[0].positions", True),
        ("tree.positions = rows.positions", False),
        ("end = summary.end_colno", True),
        ("import traceback\ncolumn = traceback.extract_tb(tb)[-1].colno", True),
        ("except json.JSONDecodeError as error:\n    log(error.lineno, error.colno)", False),
        ("table = code.co_linetable", True),
        ("first = code.co_linetable[0]", True),
        ("# expects code.co_linetable instead", False),
        ("rows = decode(code.co_linetable)", True),
        ("rows = decode(code.co_linetable, code.co_firstlineno)", True),
        ("made = types.CodeType(code.co_code, code.co_linetable, code.co_freevars)", False),
        ("return types.CodeType, (code.co_code, code.co_linetable, code.co_freevars)", False),
        ("made = types.CodeType(code.co_code, code.co_linetable, ())\nfor byte in code.co_linetable: pass", True),
        ("made = code.replace(co_linetable=b'')  # co_linetable holds lines", False),
        ("positions = [1, 2]\nuncolnos = 3", False),
    ],
)
def test_sources_that_ask_for_columns(tmp_path, code, asks):
    assert asks_for_columns(written(tmp_path, {"lib/a.py": code, "lib/b.py": "import other"}).files) is asks


def test_a_decorator_that_reads_sources_reads_those_of_its_users(tmp_path):
    sources = {"lib/__init__.py": "", "lib/deco.py": "def kernel(f):\n    return inspect.getsource(f)"}
    sources |= {"lib/use.py": "from lib.deco import kernel", "lib/rest.py": "import lib"}
    inventory = written(tmp_path, sources)
    live = {file.path for file in inventory.files}

    assert asked_sources(inventory, read_imports(inventory, TARGET), live) == {"lib/deco.py", "lib/use.py"}


def written(root, sources):
    for path, text in sources.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Inventory(tuple(replace(file(path, "lib"), source=root / path) for path in sources))


def test_a_bundled_library_that_nothing_links_to_is_opened_by_its_path():
    inventory = Inventory((file("rtree/__init__.py", "rtree"), file("rtree.libs/libspatialindex-1.so", "rtree")))

    assert find_libraries(inventory, Imports({}, {}), frozenset({"rtree/__init__.py"})) == {}


def test_two_distributions_that_bundle_a_library_of_one_name_have_each_their_own(tmp_path):
    files = []
    for owner in ("draw", "chem"):
        for path, data in ((f"{owner}/_core.abi3.so", ["libx-1.so"]), (f"{owner}.libs/libx-1.so", ["libc.so.6"])):
            source = tmp_path / path
            source.parent.mkdir(exist_ok=True)
            source.write_bytes(make_elf(needed=data))
            files.append(replace(file(path, owner, kind=FileKind.LIBRARY), source=source))
    inventory = Inventory(tuple(files))
    modules = frozenset({"draw/_core.abi3.so", "chem/_core.abi3.so"})

    found = find_libraries(inventory, read_imports(inventory, TARGET), modules)

    assert found == {"draw.libs/libx-1.so": True, "chem.libs/libx-1.so": True}


def test_a_library_beside_its_modules_is_needed_where_one_that_ships_links_to_it(tmp_path):
    """pyarrow/_flight.so is in the margin of level trace, and pyarrow/libarrow_flight.so must come with it."""
    module = "arrow/_flight.cpython-312-x86_64-linux-gnu.so"
    contents = {
        "arrow/__init__.py": b"from . import _flight",
        module: make_elf(needed=["libflight.so.1"]),
        "arrow/libflight.so.1": make_elf(needed=["libbase.so.1"]),
        "arrow/libbase.so.1": make_elf(),
        "arrow/libs3.so.1": make_elf(),
    }
    files = []
    for path, data in contents.items():
        (tmp_path / "arrow").mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
        kind = FileKind.SOURCE if path.endswith(".py") else FileKind.LIBRARY
        files.append(replace(file(path, "arrow", kind=kind), source=tmp_path / path))
    inventory = Inventory(tuple(files))
    imports = read_imports(inventory, TARGET)

    found = find_libraries(inventory, imports, frozenset({"arrow/__init__.py", module}))

    assert found == {"arrow/libflight.so.1": True, "arrow/libbase.so.1": True}
    assert find_libraries(inventory, imports, frozenset({"arrow/__init__.py"})) == {}


NCCL = file("nvidia/nccl/lib/libnccl.so.2", "nvidia-nccl-cu12", kind=FileKind.LIBRARY)


def test_a_gpu_library_that_is_only_opened_on_use_is_idle():
    inventory = Inventory((file("xgboost/lib/libxgboost.so", "xgboost"), NCCL))

    assert find_idle_gpu(inventory) == {"nvidia/nccl/lib/libnccl.so.2"}


def test_a_gpu_library_that_code_links_to_is_loaded_everywhere(tmp_path):
    source = tmp_path / "libtorch_cuda.so"
    source.write_bytes(elf_that_needs(b"libnccl.so.2"))

    assert (
        find_idle_gpu(Inventory((NCCL, replace(file("torch/lib/libtorch_cuda.so", "torch"), source=source)))) == set()
    )


def elf_that_needs(name: bytes) -> bytes:
    """A shared object of headers, a dynamic section and its strings."""
    strings = b"\0" + name + b"\0"
    dynamic = struct.pack("<qQqQqQ", 1, 1, 5, 64 + 2 * 56 + 48, 0, 0)
    size = 64 + 2 * 56 + len(dynamic) + len(strings)
    header = (
        b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    )
    segments = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, size, size, 4096)
    segments += struct.pack("<IIQQQQQQ", 2, 6, 176, 176, 176, 48, 48, 8)
    return header + segments + dynamic + strings


@pytest.mark.parametrize(
    ("head", "machine", "expected"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\0", "x86_64", {"lib/bin/tool": "ARM"}),
        (b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\0", "aarch64", {}),
        (b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\0", "aarch64", {"lib/bin/tool": "x86"}),
        (b"\x7fELF\x01\x01\x01" + bytes(11) + b"\x03\0", "x86_64", {}),
        (b"\xcf\xfa\xed\xfe" + bytes(16), "x86_64", {"lib/bin/tool": "macOS"}),
        (b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(12), "x86_64", {"lib/bin/tool": "macOS"}),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(12), "x86_64", {}),
        (b"\xca\xfe\xba\xbe\0\0\0", "x86_64", {}),
        (b"#!/bin/sh\n", "x86_64", {}),
    ],
)
def test_programs_of_other_machines(tmp_path, head, machine, expected):
    source = tmp_path / "tool"
    source.write_bytes(head)
    tool = replace(file("lib/bin/tool", "lib", 9000), source=source)

    assert find_wrong_platform(Inventory((tool,)), machine) == expected
    assert find_wrong_platform(Inventory((replace(tool, owner=""),)), machine) == {}

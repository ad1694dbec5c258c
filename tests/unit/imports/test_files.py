"""Which files are modules, and what other files name modules: entry points, .pth, binaries, pickles, settings."""

import bz2
import gzip
import io
import lzma
import pickle
import zipfile
import zlib

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.imports import How
from lambda_slim.model.target import Target

ARM = Target(runtimes()["python3.12"], "arm64")
LIB = {"lib/__init__.py": "", "lib/a.py": "", "lib/b.py": "", "lib/sub/__init__.py": "", "lib/sub/model.py": ""}


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("x.py", "x"),
        ("p/__init__.py", "p"),
        ("p/x.cpython-312-x86_64-linux-gnu.so", "p.x"),
        ("p/x.abi3.so", "p.x"),
        ("p/x.so", "p.x"),
        ("p/x.pyc", "p.x"),
        ("p/__init__.pyc", "p"),
        ("p/x.cpython-311-x86_64-linux-gnu.so", None),
        ("p/x.cpython-312-aarch64-linux-gnu.so", None),
        ("p/x.cpython-312-darwin.so", None),
        ("p/__pycache__/x.cpython-312.pyc", None),
        ("p.libs/libz-1.so", None),
        ("p/x.pyi", None),
        ("p/libz.so.1", None),
    ],
)
def test_a_file_is_a_module_if_the_target_would_import_it(tree, path, module):
    tree.write("lib", {path: b""})
    found = {name for name, m in tree.imports().modules.items() if not m.namespace}
    assert found == ({module} if module else set())


def test_the_target_decides_which_library_is_a_module(tree):
    tree.write("lib", {"x.cpython-312-aarch64-linux-gnu.so": b"", "y.cpython-312-x86_64-linux-gnu.so": b""})
    assert set(tree.imports(ARM).modules) == {"x"}


def test_one_name_is_one_module_and_its_twins_ship_with_it(tree):
    tree.write("lib", {"lib/__init__.py": "", "lib/x.py": "import lib.a", "lib/x.abi3.so": b"", "lib/a.py": ""})
    tree.write("lib", {"both.py": "", "both/__init__.py": ""}).add(app="import lib.x, both")
    imports = tree.imports()
    assert imports.modules["lib.x"].path == "lib/x.abi3.so"
    assert imports.modules["both"].path == "both/__init__.py"
    reached = tree.reach()
    assert reached.files == {"app.py", "both/__init__.py", "lib/__init__.py", "lib/x.abi3.so", "lib/x.py", "lib/a.py"}


def test_namespace_packages_are_modules_without_files(tree):
    tree.write("a", {"ns/one/__init__.py": "import ns.two"}).write("b", {"ns/two.py": ""}).add(app="import ns.one")
    found = tree.reach()
    assert found.modules == {"app", "ns", "ns.one", "ns.two"}
    assert found.files == {"app.py", "ns/one/__init__.py", "ns/two.py"}


ENTRY_POINTS = """
    [console_scripts]
    run = lib.b:main

    [lib.plugins]
    a = lib.a:Plugin [extra]
    gone = absent.module

    [lib_models]
    m = lib.sub.model
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("entry_points(group='lib.plugins')", {"lib", "lib.a"}),
        ("importlib.metadata.entry_points().select(group='lib_models')", {"lib", "lib.sub", "lib.sub.model"}),
        ("pkg_resources.iter_entry_points('lib.plugins')", {"lib", "lib.a"}),
        ("stevedore.ExtensionManager(namespace='lib_models')", {"lib", "lib.sub", "lib.sub.model"}),
        ("entry_points().get('lib_models', ())", {"lib", "lib.sub", "lib.sub.model"}),
        ("GROUP = 'lib.plugins'", {"lib", "lib.a"}),
        ("entry_points(group=f'lib_{x}')", {"lib", "lib.sub", "lib.sub.model"}),
        ("entry_points(group='console_scripts')", set()),
        ("entry_points(group='other')", set()),
        ("def f(group):\n    return entry_points(group=group)", {"lib", "lib.a", "lib.sub", "lib.sub.model"}),
    ],
)
def test_entry_points_of_a_group_in_use_are_reached(tree, source, expected):
    tree.write("lib", LIB).write("lib", {"lib-1.dist-info/entry_points.txt": ENTRY_POINTS}).write(
        "", {"app.py": source}
    )
    assert tree.reached() == {"app"} | expected


@pytest.mark.parametrize("text", ["", "no section = here", "[group\nx = y", "[g]\nx", "\x00\xff"])
def test_a_broken_entry_points_file_has_none(tree, text):
    tree.write("lib", {**LIB, "lib-1.dist-info/entry_points.txt": text}).add(app="entry_points(group='g')")
    assert tree.reached() == {"app"}


CALL = "import os; on = os.environ.get('X') == 'y'; on and __import__('_hack').add(); __import__(on)\n"


def test_import_lines_of_pth_files_are_edges(tree):
    tree.write("lib", {**LIB, "x.pth": "../elsewhere\nimport lib.a; lib.a.go()\n", "y.pth": CALL, "_hack.py": ""}).add(
        app=""
    )
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.a", "_hack"}
    assert (found.first["lib.a"].importer, found.first["lib.a"].how) == ("x.pth", How.PTH)


def elf(rodata: bytes) -> bytes:
    """A file with one loaded data section and one of code that says `lib.b`."""
    import struct

    code = b"\0lib.b\0"
    start = 64
    table = start + len(rodata) + len(code)
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack(
        "<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, table, 0, 64, 0, 0, 64, 2, 0
    )
    sections = struct.pack("<IIQQQQIIQQ", 0, 1, 2, 0, start, len(rodata), 0, 0, 1, 0)
    sections += struct.pack("<IIQQQQIIQQ", 0, 1, 6, 0, start + len(rodata), len(code), 0, 0, 1, 0)
    return header + rodata + code + sections


@pytest.mark.parametrize(
    ("rodata", "expected"),
    [
        (b"\0lib.a\0", {"lib.a"}),
        (b"\0lib\0sub\0", {"lib.sub"}),
        (b"\0model\0", {"lib.sub.model"}),  # a sibling: relative imports name it alone
        (b"import lib.a\0", {"lib.a"}),
        (b"see lib.a for more\0", set()),
        (b"rustc" + b"xlib.sub.modely", {"lib.sub", "lib.sub.model"}),
        (
            zlib.compress(b"cline_in_tracebackasynciolib.aencode_intlib.sub.models" * 3),
            {"lib.a", "lib.sub", "lib.sub.model"},
        ),
    ],
)
def test_names_in_a_compiled_module_are_edges(tree, rodata, expected):
    tree.write("lib", {**LIB, "lib/sub/fast.abi3.so": elf(rodata)}).add(app="import lib.sub.fast")
    assert tree.reached() - {"app", "lib", "lib.sub", "lib.sub.fast"} == expected - {"lib.sub"}


def test_the_library_behind_compiled_modules_is_found_by_its_digest(tree):
    group = "81d243bd__mypyc"
    tree.write("lib", {**LIB, f"{group}.abi3.so": b"", "lib/fast.abi3.so": elf(f"\0{group}\0".encode())})
    tree.add(app="import lib.fast")
    assert tree.reached() == {"app", "lib", "lib.fast", group}


def test_bytecode_without_source_names_its_imports(tree):
    tree.write("lib", {**LIB, "lib/sub/only.pyc": b"\xcb\r\r\n\0\0\0\0\xda\x05lib.a\xfa\x01b"}).add(
        app="import lib.sub.only"
    )
    assert {"lib.sub.only", "lib.a"} <= tree.reached()


class Model:
    pass


Model.__module__, Model.__qualname__ = "lib.sub.model", "Model"


def pickled(protocol: int) -> bytes:
    """What pickle writes for an instance of a class that is not here."""
    name = b"clib.sub.model\nModel\n" if protocol < 4 else b"\x8c\x0dlib.sub.model\x94\x8c\x05Model\x94\x93"
    return b"\x80" + bytes([protocol]) + name + b")\x81."


PACKERS = {"plain": bytes, "zlib": zlib.compress, "gzip": gzip.compress, "bz2": bz2.compress, "lzma": lzma.compress}


@pytest.mark.parametrize("protocol", [2, 5])
@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_model_beside_the_code_names_its_modules(tree, pack, protocol):
    tree.write("lib", LIB).write("", {"app.py": "", "model/m.joblib": pack(pickled(protocol))})
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.sub", "lib.sub.model"}
    assert found.first["lib.sub.model"].importer == "model/m.joblib"


def test_a_pickle_of_a_top_level_module_is_seen(tree):
    tree.write("tool", {"tool.py": ""}).write(
        "", {"app.py": "", "m.pkl": b"\x80\x05\x8c\x04tool\x94\x8c\x01A\x94\x93."}
    )
    assert tree.reached() == {"app", "tool"}
    assert pickle.dumps(pickle.PicklingError, 5)[11:13] == b"\x8c\x07"  # the form that is searched for


def test_members_of_an_archive_are_read(tree):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("schema.json", '{"__module__": "lib.sub.model"}')
    tree.write("lib", LIB).write("", {"app.py": "", "m.skops": data.getvalue()})
    assert "lib.sub.model" in tree.reached()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("s.yaml", "handlers: {c: {class: lib.sub.model.Handler}}", {"lib", "lib.sub", "lib.sub.model"}),
        ("s.json", '{"url": "https://lib.readthedocs.io/", "x": 1}', set()),
        ("s.toml", 'kind = "lib.Thing"', {"lib"}),
        ("s.ini", "[x]\nclass = lib.a.B\n", {"lib", "lib.a"}),
        ("s.zip", "PK\x03\x04 broken", set()),
        (".serverless-wsgi", '{"app": "lib.a.app"}', {"lib", "lib.a"}),
    ],
)
def test_settings_files_name_classes(tree, name, text, expected):
    tree.write("lib", LIB).write("", {"app.py": "", name: text})
    assert tree.reached() == {"app"} | expected


def test_a_function_of_a_module_at_the_root_is_told_from_the_name_of_a_host(tree):
    tree.write("", {"app.py": "", "tasks.py": "async def send(): ...\nstart = 1\nsend()", "shop.py": "def pay(): ..."})
    tree.write("", {"jobs/__init__.py": "def run(): ...", "jobs/deep.py": ""})
    tree.write("", {"a.json": '["tasks.send", "shop.example", "https://shop.org/pay", "jobs.run"]'})
    assert tree.reached() == {"app", "tasks", "jobs"}


def test_data_of_distributions_is_not_searched(tree):
    tree.write("lib", {**LIB, "lib/m.pkl": pickled(5)}).add(app="")
    assert tree.reached() == {"app"}

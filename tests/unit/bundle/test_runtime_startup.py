"""The script that travels with lazy imports, in this process: who reads a name, and what it then stands for."""

import gc
import importlib
import importlib.util
import marshal
import pkgutil
import py_compile
import sys
import types

import pytest

from lambda_slim.bundle.runtime import startup

TABLE = (
    ("js", (("json", "", 0),)),
    ("xml", (("xml.dom", None, 0),)),
    ("dumps", (("json", "dumps", 0),)),
    ("dom", (("xml", "dom", 0),)),
    ("absent", (("no_such_module_here", None, 0),)),
    ("nothing", (("json", "no_such_name", 0),)),
    ("sibling", (("", "no_such_sibling", 1),)),
)
CODE = """
def use(): return js.dumps([1])
def size(): return len("abc")
def read(): return absent
def lost(): return never_bound
def bound(): return dumps
class Thing: pass
"""


@pytest.fixture
def module(monkeypatch):
    monkeypatch.setattr(startup, "EAGER", False)
    monkeypatch.setattr(startup, "FAILED", [])
    monkeypatch.setattr(startup, "READ", [])
    made = types.ModuleType("lazy_one")
    begin(made)
    return made


def begin(module, code=CODE):
    startup.begin(vars(module), TABLE, ("len", "open", "no_builtin"))
    exec(compile(code, "lazy_one.py", "exec"), vars(module))


def test_a_function_of_the_module_imports_what_it_reads(module):
    assert "js" not in vars(module)
    assert module.use() == "[1]"
    assert module.js is sys.modules["json"]
    assert startup.READ == [("lazy_one", "js")]
    assert (module.size(), module.Thing.__name__) == (3, "Thing")
    with pytest.raises(NameError):
        module.lost()


def test_a_reader_from_outside_gets_what_the_statement_would_have_bound(module):
    assert module.xml is sys.modules["xml"]
    assert module.dom is sys.modules["xml.dom"]
    assert module.dumps is sys.modules["json"].dumps
    with pytest.raises(AttributeError, match="module 'lazy_one' has no attribute 'odd'"):
        module.odd  # noqa: B018


def test_what_somebody_bound_meanwhile_stays(module):
    module.dumps = 3

    assert module.bound() == 3


def test_names_of_the_module_are_listed_without_those_of_the_script(module):
    names = dir(module)

    assert {"js", "dumps", "use", "Thing"} <= {*names}
    assert {"len", "__getattr__", "__dir__", startup.FLAG}.isdisjoint(names)
    assert "open" not in vars(module)  # other code may replace it among the builtins


def test_an_import_that_fails_is_told_once_with_the_way_out(module, capsys):
    with pytest.raises(ModuleNotFoundError):
        module.read()
    with pytest.raises(ModuleNotFoundError):
        module.absent  # noqa: B018

    said = capsys.readouterr().err
    assert said.count("lambda-slim: the lazy import of 'absent' (from 'no_such_module_here', in lazy_one)") == 1
    assert "read at lazy_one.py:4" in said
    assert "eager = ['no_such_module_here']" in said


def test_a_name_that_its_module_does_not_have_is_an_import_error(module):
    with pytest.raises(ImportError, match="cannot import name 'no_such_name' from 'json'"):
        module.nothing  # noqa: B018


@pytest.mark.parametrize("error", ["KeyError", "AttributeError"])
def test_an_error_that_the_interpreter_would_misread_is_an_import_error(module, tmp_path, monkeypatch, error):
    (tmp_path / "no_such_module_here.py").write_text(f"raise {error}('x')\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ImportError, match="raised KeyError") if error == "KeyError" else pytest.raises(AttributeError):
        module.read()
    if error == "AttributeError":
        with pytest.raises(ImportError, match="raised AttributeError"):
            module.absent  # noqa: B018


def test_a_module_in_the_middle_of_its_import_is_not_bound(module, tmp_path, monkeypatch):
    (tmp_path / "no_such_module_here.py").write_text("import sys\nSEEN = sys.modules['lazy_one'].absent\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "lazy_one", module)
    monkeypatch.setitem(sys.modules, "no_such_module_here", None)
    del sys.modules["no_such_module_here"]

    assert module.absent.SEEN is module.absent


def test_a_reload_imports_again(module):
    assert module.use() == "[1]"
    begin(module)

    assert "js" not in vars(module)
    assert module.use() == "[1]"


def test_the_module_s_own_getattr_comes_after_lazy_names(module):
    code = "@also\ndef __getattr__(name):\n    'Own.'\n    return name * 2\n"
    vars(module)["also"] = startup.also
    begin(module, code)

    assert module.odd == "oddodd"
    assert module.dumps is sys.modules["json"].dumps
    assert vars(module)["__getattr__"].__doc__ == "Own."
    plain = lambda name: name  # noqa: E731
    assert startup.also(plain) is plain


def test_with_the_variable_set_everything_is_eager(monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_STARTUP", " Eager ")
    assert startup.eager()
    monkeypatch.setenv("LAMBDA_SLIM_STARTUP", "")
    assert not startup.eager()
    monkeypatch.setattr(startup, "EAGER", True)
    module = types.ModuleType("eager_one")
    startup.begin(vars(module), TABLE, ("len",))
    startup.hold_garbage()
    startup.know_patterns()

    assert vars(module)[startup.FLAG] is True
    assert "__getattr__" not in vars(module)
    assert gc.isenabled()
    assert startup.HELD == {}


def test_garbage_waits_until_init_has_ended(monkeypatch):
    monkeypatch.setattr(startup, "EAGER", False)
    try:
        startup.hold_garbage()
        assert not gc.isenabled()
        startup.free_garbage()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


def test_garbage_of_a_module_that_is_swept_goes_at_its_end(monkeypatch):
    monkeypatch.setattr(startup, "EAGER", False)

    class Base:
        pass

    try:
        startup.hold_garbage()
        type("Before", (Base,), {})
        startup.begin_sweep()
        type("Within", (Base,), {})
        startup.end_sweep()
        assert [kind.__name__ for kind in Base.__subclasses__()] == ["Before"]
        assert not gc.isenabled()
        startup.free_garbage()
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.fixture
def laid(tmp_path, monkeypatch):
    """A package with modules of every kind that a zip has; its names go again."""
    extension = importlib.import_module("_struct").__spec__
    monkeypatch.setattr(startup, "EAGER", False)
    monkeypatch.setattr(startup, "__file__", f"{tmp_path}/_lambda_slim_startup.pyc")
    monkeypatch.syspath_prepend(tmp_path)
    sources = {
        "laid/__init__.py": "",
        "laid/cached.py": "def fail():\n    raise OSError('x')\n",
        "laid/bare.py": "A = 1\n",
        "laid/plain.py": "",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
        place = tmp_path / f"{name}c" if name == "laid/bare.py" else None
        if name != "laid/plain.py":
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(str(tmp_path / name), place and str(place), invalidation_mode=mode)
    (tmp_path / "laid/bare.py").unlink()
    rows = {"laid": "/__init__.py", "laid.cached": ".py", "laid.bare": ".pyc", "laid.plain": ".py", "laid.gone": ".pyc"}
    if extension.origin and extension.origin.endswith(".so"):
        kind = extension.origin.rpartition("/_struct")[2]
        (tmp_path / f"laid/_struct{kind}").symlink_to(extension.origin)
        rows["laid._struct"] = kind
    (tmp_path / "_lambda_slim_places.txt").write_text("".join(f"{name} {rest}\n" for name, rest in rows.items()))
    yield rows
    startup.forget_places()
    for name in [name for name in sys.modules if name.partition(".")[0] == "laid"]:
        del sys.modules[name]


def facts(name):
    """What the import system tells of a module, and what its names are."""
    spec = importlib.util.find_spec(name)
    module = importlib.import_module(name)
    loader, code = spec.loader, spec.loader.get_code(name)
    told = [spec.origin, spec.cached, spec.has_location, spec.submodule_search_locations, type(loader), loader.path]
    told += [vars(loader), module.__file__, getattr(module, "__cached__", None), getattr(module, "__path__", None)]
    return [*told, type(module.__loader__), code and code.co_filename, sorted(set(vars(module)) - {"__builtins__"})]


def test_a_module_whose_place_is_known_is_as_python_itself_finds_it(laid):
    names = sorted(set(laid) - {"laid.gone"})
    before = {name: facts(name) for name in names}
    for name in names:
        del sys.modules[name]
    hooks = sys.meta_path[:]

    startup.know_places()
    finder = startup.HELD["places"]
    assert finder.find_spec("laid")
    assert not finder.find_spec("laid", None, importlib)  # a reload
    assert {name: facts(name) for name in names} == before
    bare = importlib.import_module("laid").__path__
    assert finder.find_spec("laid.bare", bare)
    assert not finder.find_spec("laid.plain", bare)  # it has no bytecode
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'laid\.gone'"):
        importlib.import_module("laid.gone")
    assert [info.name for info in pkgutil.iter_modules(bare)] == [name[5:] for name in names if name != "laid"]
    startup.forget_places()
    assert sys.meta_path == hooks


def test_what_comes_first_on_the_path_and_hooks_that_are_added_keep_their_turn(laid, tmp_path, monkeypatch):
    startup.know_places()
    finder = startup.HELD["places"]
    assert finder.find_spec("laid")

    with monkeypatch.context() as patched:
        patched.setattr(sys, "path_hooks", [lambda path: None, *sys.path_hooks])
        assert not finder.find_spec("laid")
    monkeypatch.syspath_prepend(tmp_path / "other")
    assert not finder.find_spec("laid")
    assert not finder.find_spec("laid.bare", ["/elsewhere", f"{tmp_path}/laid"])


def test_where_collection_was_off_it_stays_off(monkeypatch):
    monkeypatch.setattr(startup, "EAGER", False)
    gc.disable()
    try:
        startup.hold_garbage()
        startup.free_garbage()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_modules_that_events_need_are_loaded_and_those_that_fail_are_left(monkeypatch):
    monkeypatch.setattr(startup, "EAGER", False)
    monkeypatch.delitem(sys.modules, "this", raising=False)

    startup.preload(["no_such_module_here", "colorsys"])

    assert "colorsys" in sys.modules


@pytest.mark.parametrize("fits", [True, False])
def test_patterns_that_were_compiled_for_this_engine_are_used(tmp_path, monkeypatch, fits):
    compiler = importlib.import_module("re._compiler")
    before, engine = compiler.compile, importlib.import_module("_sre")
    code = [*map(int, compiler._code(importlib.import_module("re._parser").parse("b+", 0), 0))]
    known = {(False, "a+", 0): (before("b+").flags, code, 0, {}, (None,))}
    version = sys.version_info[:2] if fits else (3, 0)
    (tmp_path / "_lambda_slim_patterns.bin").write_bytes(marshal.dumps((engine.MAGIC, version, known)))
    monkeypatch.setattr(startup, "__file__", f"{tmp_path}/x.py")
    monkeypatch.setattr(startup, "EAGER", False)
    try:
        startup.know_patterns()
        assert (compiler.compile is before) is not fits
        made = compiler.compile("a+")  # the stored code is that of b+, so that one sees which was used
        assert bool(made.match("b")) is fits
        assert compiler.compile("c").match("c")
    finally:
        startup.forget_patterns()
        assert compiler.compile is before
        compiler.compile = before

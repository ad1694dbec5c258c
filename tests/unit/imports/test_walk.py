"""Properties of reach over any graph, and of scanning any source."""

import ast
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.scan.facts import dump, parse_facts
from lambda_slim.imports.scan.loose import soften
from lambda_slim.imports.scan.scan import scan_source
from lambda_slim.imports.walk import at_init, chain, filtered, in_use, reach
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.file import File, FileKind
from lambda_slim.model.imports import Edge, How, Imports, Module
from lambda_slim.model.target import Target

NAMES = ("a", "a.b", "a.b.c", "d", "d.e", "f")
MODULES = {name: Module(name, name.replace(".", "/") + ".py", package=False) for name in NAMES}
edges = st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 9), st.sampled_from(list(How)))
names = st.sets(st.sampled_from(NAMES))


def graph(found):
    return Imports(MODULES, {name: tuple(e for e in found if e.importer == name) for name in NAMES})


@given(st.lists(edges), names, names, st.lists(edges))
def test_more_roots_or_edges_never_take_anything_away(found, roots, more_roots, more_edges):
    before = reach(graph(found), roots)
    after = reach(graph(found), roots | more_roots, extra=more_edges)
    assert before.modules <= after.modules
    assert before.files <= after.files
    assert reach(graph([*found, *more_edges]), roots).modules == reach(graph(found), roots, extra=more_edges).modules


@given(st.lists(edges), names)
def test_every_module_is_a_root_or_has_a_chain_from_one(found, roots):
    reached = reach(graph(found), roots)
    for name in reached.modules:
        steps = chain(reached, name)
        assert (steps[0].importer if steps else name) in roots
        assert all(left.target == right.importer for left, right in pairwise(steps))
        assert not steps or steps[-1].target == name
        assert name.rpartition(".")[0] in {"", *reached.modules}


@given(st.lists(edges), st.sampled_from(NAMES))
def test_what_is_likely_is_between_init_and_everything(found, root):
    assert at_init(graph(found), root) <= in_use(graph(found), root) <= reach(graph(found), [root]).modules


def test_what_libraries_import_in_functions_is_not_likely_and_what_own_code_does_is():
    lib = {"lib": Module("lib", "lib.py", package=False, owner="lib"), **MODULES}
    rows = {"a": (Edge("a", "lib", 1, How.DEFERRED),), "lib": (Edge("lib", "d", 1, How.DEFERRED),)}

    assert in_use(Imports(lib, rows), "a") == {"a", "lib"}


@given(st.lists(edges), names)
def test_what_is_reached_is_closed(found, roots):
    reached = reach(graph(found), roots).modules
    assert all(edge.target in reached for edge in found if edge.importer in reached)


@given(st.lists(edges), names)
def test_without_edges_only_the_roots_are_reached(found, roots):
    parents = {name.rsplit(".", n)[0] for name in roots for n in range(1, 3)}
    assert reach(filtered(graph(found), lambda _: False), roots).modules == roots | (parents & set(NAMES))


paths = st.lists(st.sampled_from(["a", "b", "tests", "__init__"]), min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([".py", ".abi3.so", ".pyc", ".txt"]).map(lambda ending: "/".join(parts) + ending)
)


@given(st.sets(paths))
def test_every_module_file_belongs_to_exactly_one_module(found):
    files = [File(path, None, 0, "lib", FileKind.SOURCE) for path in sorted(found)]  # type: ignore[arg-type]
    modules = index_modules(files, Target(runtimes()["python3.12"], "x86_64")).modules
    claimed = [path for m in modules.values() if not m.namespace for path in (m.path, *m.twins)]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= found
    for name in modules:
        assert name.rpartition(".")[0] in {"", *modules}


pieces = st.sampled_from(
    ["import a", "from . import b", "from a.b import c as d, *", "if x:", "try:", "except ImportError:", "def f(a=1):",
     "    import_module(f'{a}.x')", "    pass", "__getattr__ = 1", "x = {'a': 'b.c'}", "type X = int", "lazy import z",
     "'''", "(", "a.b.c", "return __import__(n % m)", "\x00", "é", "class C[T]:",
     "for i in ('a', b):", "__all__ += ['x']"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pieces, max_size=12).map("\n".join), st.booleans())
def test_any_text_has_facts_that_survive_storing(source, own):
    facts = scan_source(source.encode(), (3, 12), own=own)
    assert parse_facts(dump(facts)) == facts


@given(
    st.lists(st.sampled_from(["import a", "x: int = 1", "def f(): pass", "t = 'a'", "class C: pass"])).map("\n".join)
)
def test_older_syntax_is_left_alone_by_softening(source):
    assert ast.dump(ast.parse(soften(source.encode()))) == ast.dump(ast.parse(source))

"""Packing imports that wait."""

from lambda_slim.bundle.startup import MODULE, NATIVE_MODULE, bytecode_names, helper_sources, with_rewritten
from lambda_slim.model.member import Member

EAGER = (
    Member("b.pyc", b"eager", origin="b.py"),
    Member("a.py", b"source", origin="a.py"),
    Member(MODULE, b"of an earlier build"),
    Member("data.pyc", b"no module"),
)


def test_rewritten_bytecode_takes_the_place_of_the_eager_one():
    members = with_rewritten(EAGER, {"b.pyc": b"lazy"}, [Member(MODULE, b"now")])

    assert [(member.name, member.data) for member in members] == [
        (MODULE, b"now"),
        ("a.py", b"source"),
        ("b.pyc", b"lazy"),
        ("data.pyc", b"no module"),
    ]


def test_bytecode_by_its_source():
    assert bytecode_names(EAGER) == {"b.py": "b.pyc"}


def test_the_scripts_that_travel_with_them_are_python():
    for version, names in (((3, 14), [MODULE]), ((3, 15), [MODULE, NATIVE_MODULE])):
        scripts = helper_sources(version)
        assert [name for name, _ in scripts] == names
        for name, source in scripts:
            compile(source, name, "exec")

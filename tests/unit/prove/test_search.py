"""Finding the file at fault."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.prove.search import culprits, suspects

PACKAGE = Path("/tmp/pkg/task")


def test_a_file_that_an_error_names_is_looked_at_first():
    dropped = ["a/b.py", "a/c/__init__.py", "a/data/x.json", "a/d.py", "a/static/css/y.map", "a/libx.so.2600"]
    messages = [
        "CommandError: The file 'css/y.map' could not be found with <Storage object>",
        "ModuleNotFoundError: No module named 'a.c'",
        "ImportError: cannot import name 'b' from 'a' (unknown location)",
        f"FileNotFoundError: [Errno 2] No such file or directory: '{PACKAGE}/a/c/../data/x.json'",
        "OSError: libx.so.2600: cannot open shared object file: No such file or directory",
    ]
    assert set(suspects(messages, dropped, PACKAGE)) == {*dropped} - {"a/d.py"}


@settings(max_examples=15)
@given(st.integers(0, 4999))
def test_one_fault_among_five_thousand_files_is_found_in_twelve_rounds(place):
    files = [f"{index:04}.py" for index in range(5000)]
    rounds = []

    def passes(sets):
        rounds.append(len(sets))
        return [files[place] in restored for restored in sets]

    assert culprits(files, passes) == (files[place],)
    assert len(rounds) <= 12


@settings(max_examples=40)
@given(st.sets(st.integers(0, 199), min_size=1, max_size=4))
def test_every_culprit_is_found_and_nothing_else(places):
    files = [str(index) for index in range(200)]
    wanted = {files[place] for place in places}
    assert set(culprits(files, lambda sets: [wanted <= restored for restored in sets])) == wanted


def test_nothing_is_brought_back_where_nothing_helps():
    assert culprits(["a", "b"], lambda sets: [False for _ in sets]) == ()

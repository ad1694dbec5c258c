"""Our quick matcher agrees with git's own rules, as pathspec implements them."""

from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from lambda_slim.base.patterns import matcher

names = st.sampled_from(["a", "tests", "x.py", "b.pyi", "docs", ".env", "lib.so", "py.typed", "bin"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
patterns = st.sampled_from(
    [
        "a",
        "a/",
        "tests/",
        "*.py",
        "*.pyi",
        "/a",
        "/bin/",
        "a/*.py",
        "docs/**",
        "*.so",
        "b*",
        "[ab]",
        "?",
        "!x.py",
        "**/a",
    ]
)


@given(st.lists(patterns, min_size=1, max_size=5), paths)
def test_it_agrees_with_gitignore(chosen, path):
    assert matcher(tuple(chosen))(path) == GitIgnoreSpec.from_lines(chosen).match_file(path)

"""entry_points.txt of a distribution (packaging.python.org, entry points specification)."""

from collections.abc import Iterator

_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


def parse_entry_points(text: str) -> Iterator[tuple[str, str, str]]:
    r"""(group, name, value) of every entry point that is no script.

    >>> list(parse_entry_points("[a.b]\nx = m:f\n[console_scripts]\ny = n:g"))
    [('a.b', 'x', 'm:f')]
    """
    return (row for row in _rows(text) if row[0] not in _SCRIPTS)


def parse_scripts(text: str) -> dict[str, str]:
    r"""Console scripts by name, with the function that each calls.

    >>> parse_scripts("[a.b]\nx = m:f\n[console_scripts]\ny = n:g")
    {'y': 'n:g'}
    """
    return {name: value for group, name, value in _rows(text) if group == "console_scripts"}


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    group = ""
    for written in text.splitlines():
        line = written.partition("#")[0].strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif "=" in line and group:
            name, _, value = line.partition("=")
            yield group, name.strip(), value.strip()

"""entry_points.txt of a distribution (packaging.python.org, entry points specification)."""

from collections.abc import Iterator

_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


def parse_entry_points(text: str) -> Iterator[tuple[str, str, str]]:
    r"""(group, name, value) of every entry point that is no script.

    >>> list(parse_entry_points("[a.b]\nx = m:f\n[console_scripts]\ny = n:g"))
    [('a.b', 'x', 'm:f')]
    """
    group = ""
    for written in text.splitlines():
        line = written.partition("#")[0].strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif "=" in line and group and group not in _SCRIPTS:
            name, _, value = line.partition("=")
            yield group, name.strip(), value.strip()

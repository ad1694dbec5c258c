"""A pylock.toml as uv takes it for a target: uv holds its `requires-python` against the Python that runs uv."""

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.files import read_regular, read_regular_text

_PYTHON = re.compile(r"""^[ \t]*["']?requires-python["']?[ \t]*=.*$""", re.MULTILINE)
_PATH = re.compile(r"""(?<![\w-])(path\s*=\s*)(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')""")


@contextlib.contextmanager
def for_any_python(files: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    """Files that uv reads, a pylock.toml among them as uv takes it whatever Python runs it: a copy, while this lasts.

    Whether the lock is for the target is for the caller to see. In a copy, paths of this machine are absolute.

    Args:
        files: Absolute. Where one is a pylock.toml, it is the only one.

    Raises:
        OSError: the lock cannot be read.
        ValueError: it is no text of the encoding that it says.
    """
    path = next((file for file in files if file.suffix == ".toml" and file.name.startswith("pylock.")), None)
    copy = _without_python(read_regular_text(path)) if path else ""
    if path is None or copy.encode() == read_regular(path):
        yield files
        return
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        place = Path(folder) / path.name
        place.write_text(_PATH.sub(lambda match: _absolute(match, path.parent), copy), "utf-8")
        yield (place,)


def _without_python(text: str) -> str:
    """Text without the line at its head that says for which versions of Python it is."""
    head = re.split(r"^[ \t]*\[", text, maxsplit=1, flags=re.MULTILINE)[0]
    return _PYTHON.sub("", head, count=1) + text[len(head) :]


def _absolute(match: re.Match[str], folder: Path) -> str:
    said = match[3] if match[2] is None else _unescaped(match[2])
    return f"{match[1]}{json.dumps(str(folder / said), ensure_ascii=False)}"


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:  # `\U0001f600`, which only TOML has
        return text

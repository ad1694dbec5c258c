"""What a shell script starts, read word by word; nothing is run."""

import re
import shlex
from dataclasses import dataclass

_PYTHON = re.compile(r"(?:^|/)python[\d.]*$")
_APPLICATION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_][\w.]*(?:\(\))?$")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$")
_PATH = re.compile(r"(?:^|[\s;])(?:export\s+)?PYTHONPATH=([^\s;]+)")
# Where a server looks for its application besides: the folder that it is started in, or that is named.
_FOLDER = re.compile(r"(?:(?:^|[\s;&(])cd|--(?:chdir|app-dir|pythonpath)(?:=|\b))\s*([^\s;&|)]+)", re.MULTILINE)
_VALUED = frozenset({"-W", "-X", "--check-hash-based-pycs"})  # options of python that take a word of their own
_COMMAND = re.compile(r"(?<![\w-])-m[ \t]+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")


@dataclass(frozen=True, slots=True)
class ShellStarts:
    """What a script starts and sets.

    Attributes:
        modules: Of `python -m NAME`.
        applications: `module:name` words, as servers take them: `web.main:app`.
        files: Python files that are run, as they are written: `$LAMBDA_TASK_ROOT/serve.py`.
        programs: First words of commands, without their folder: `uvicorn`.
        python_path: Folders of PYTHONPATH, in order, without references to the old value, then those that servers are
            started in.
    """

    modules: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()


def parse_shell(text: str) -> ShellStarts:
    """What a shell script starts; a word that only a run could know is passed over.

    >>> parse_shell("exec python -m uvicorn --port=$PORT web.main:app")
    ShellStarts(modules=('uvicorn',), applications=('web.main:app',), files=(), programs=('python',), python_path=())
    """
    joined = text.replace("\\\n", " ")
    modules: dict[str, None] = {}
    applications: dict[str, None] = {}
    files: dict[str, None] = {}
    programs: dict[str, None] = {}
    for line in joined.splitlines():
        for words in _commands(line):
            programs[words[0].rpartition("/")[2]] = None
            modules.update(dict.fromkeys(modules_in(" ".join(words))))
            applications.update(dict.fromkeys(word for word in words[1:] if _APPLICATION.match(word)))
            files.update(dict.fromkeys(_python_files(words)))
    return ShellStarts(tuple(modules), tuple(applications), tuple(files), tuple(programs), _python_path(joined))


def modules_in(text: str) -> tuple[str, ...]:
    """The names behind `-m` in a command, as Python takes them."""
    return tuple(dict.fromkeys(_COMMAND.findall(text)))


def _commands(line: str) -> list[list[str]]:
    """The words of each command of a line, without assignments, `exec` and the like before them."""
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:  # a quote that goes on in the next line
        words = line.split()
    commands: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set(";&|()"):
            commands.append([])
        elif commands[-1] or not _is_before_command(word):
            commands[-1].append(word)
    return [command for command in commands if command]


def _is_before_command(word: str) -> bool:
    keywords = {"exec", "nohup", "env", "export", "then", "do", "else", "if", "while", "!", "time", "command"}
    return word in keywords or re.match(r"[A-Za-z_]\w*=", word) is not None


def _python_files(words: list[str]) -> list[str]:
    """The file that `python FILE` runs, or a file that is a command itself."""
    if words[0].endswith(".py"):
        return [words[0]]
    if not _PYTHON.search(words[0]) and not words[0].startswith(("$", '"$')):
        return []
    skip = False
    for word in words[1:]:
        if skip or word.startswith("-"):
            if word in ("-m", "-c"):
                return []
            skip = word in _VALUED
            continue
        return [word] if word.endswith(".py") else []
    return []


def _python_path(text: str) -> tuple[str, ...]:
    places: dict[str, None] = {}
    for value in _PATH.findall(text):
        for place in value.strip("\"'").split(":"):
            if place and "PYTHONPATH" not in place:
                places[place.rstrip("/")] = None
    folders = (folder.strip("\"'").rstrip("/") for folder in _FOLDER.findall(text))
    places.update(dict.fromkeys(folder for folder in folders if folder))
    return tuple(places)

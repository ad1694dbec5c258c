"""What calls of a Python script do to files, as commands of a shell."""

import ast
from collections.abc import Callable
from typing import Any

from lambda_slim.formats.python_values import ANYTHING, ArchiveWord, PythonValues, RelativePath
from lambda_slim.formats.shell_idioms import HERE, SCRATCH
from lambda_slim.formats.shell_script import ShellCommand, ShellGroup, ShellNode, parse_script

PUT = "(put)"  # SOURCE TARGET [GLOBS …]: copies a file, or what a folder holds, to a place
PACK = "(pack)"  # SOURCE START ARCHIVE: adds a folder or file to an archive, by its path from START
EVERY = "**"  # the name that stands for all files of a folder, at any depth
Done = tuple[list[ShellNode], Any]  # commands, and what the call gives
_PLAIN = {
    "shutil.copy": ("cp",),
    "shutil.copy2": ("cp",),
    "shutil.copyfile": ("cp",),
    "shutil.move": ("mv",),
    "os.rename": ("mv",),
    "os.replace": ("mv",),
    "shutil.rmtree": ("rm", "-rf"),
    "os.remove": ("rm", "-f"),
    "os.unlink": ("rm", "-f"),
    "os.makedirs": ("mkdir", "-p"),
    "os.mkdir": ("mkdir", "-p"),
    "os.chdir": ("cd",),
}
_METHODS = {"mkdir": ("mkdir", "-p"), "unlink": ("rm", "-f"), "rmdir": ("rm", "-rf"), "rename": ("mv",)}
_STARTS = ("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput")


def call_effect(node: ast.Call, values: PythonValues) -> Done | None:
    """What a call does; None for one that only computes a value."""
    name = values.dotted(node.func)
    if name in _PLAIN:
        return [_command(node, *_PLAIN[name], *map(values.word, node.args[:2]))], None
    if name in _CALLS:
        return _CALLS[name](node, values)
    return _method(node, node.func, values) if isinstance(node.func, ast.Attribute) else None


def _command(node: ast.AST, *words: str, output: str = "") -> ShellCommand:
    return ShellCommand(words, getattr(node, "lineno", 0), output)


def _named(node: ast.Call, *names: str) -> dict[str, ast.expr]:
    """The arguments of a call by the names of its parameters."""
    given = dict(zip(names, node.args, strict=False))
    given.update((row.arg, row.value) for row in node.keywords if row.arg)
    return given


def _method(node: ast.Call, function: ast.Attribute, values: PythonValues) -> Done | None:
    owner = values.value(function.value)
    if isinstance(owner, ArchiveWord):
        return _of_archive(node, function.attr, owner.path, values)
    if isinstance(owner, str) and function.attr in _METHODS:
        words = map(values.word, node.args[:1] if function.attr == "rename" else ())
        return [_command(node, *_METHODS[function.attr], owner, *words)], owner
    if isinstance(owner, str) and function.attr in ("write_text", "write_bytes"):
        return [_command(node, "true", output=owner)], None
    return None


def _of_archive(node: ast.Call, method: str, archive: str, values: PythonValues) -> Done | None:
    if method == "extractall":
        return [_command(node, "unzip", archive, "-d", values.word(node.args[0]) if node.args else ".")], None
    if method == "writestr":
        return [_command(node, "zipfile.writestr", archive)], None
    if method != "write":
        return None
    given = _named(node, "filename", "arcname")
    source = values.word(given.get("filename"))
    inside = values.value(given["arcname"]) if "arcname" in given else source
    return [_written(node, source, inside, archive)], None


def _written(node: ast.Call, source: str, inside: Any, archive: str) -> ShellCommand:
    """`archive.write(SOURCE, INSIDE)`; an unknown command if that is not understood."""
    folder = source.removesuffix(f"/{EVERY}")
    if isinstance(inside, RelativePath) and inside.path == source:
        return _command(node, PACK, folder, inside.start, archive)
    known = isinstance(inside, str) and inside != EVERY and not any(sign in inside for sign in (ANYTHING, HERE))
    if not known or inside.startswith("/") or (folder != source) != inside.endswith(f"/{EVERY}"):
        return _command(node, "zipfile.write", source, archive)
    return _command(node, PUT, folder, f"{archive}/{inside.removesuffix(f'/{EVERY}')}")


def _tree(node: ast.Call, values: PythonValues) -> Done:
    """`shutil.copytree`, with what `ignore` leaves out."""
    given = _named(node, "src", "dst", "symlinks", "ignore")
    words, ignored = list(map(values.word, node.args[:2])), given.get("ignore")
    if ignored is None:
        return [_command(node, PUT, *words)], None
    if isinstance(ignored, ast.Call) and values.dotted(ignored.func) == "shutil.ignore_patterns":
        return [_command(node, PUT, *words, *map(values.word, ignored.args))], None
    return [_command(node, "shutil.copytree", *words)], None


def _archived(node: ast.Call, values: PythonValues) -> Done:
    """`shutil.make_archive(BASE, "zip", ROOT, BELOW)`."""
    given = _named(node, "base_name", "format", "root_dir", "base_dir")
    place = f"{values.word(given.get('base_name'))}.{values.word(given.get('format'))}"
    root = values.word(given["root_dir"]) if "root_dir" in given else "."
    below = values.word(given["base_dir"]) if "base_dir" in given else "."
    return [_command(node, PACK, f"{root}/{below}", root, place)], place


def _started(node: ast.Call, values: PythonValues) -> Done:
    """`subprocess.run` and its kin, and `os.system`."""
    given = _named(node, "args")
    asked = values.value(given.get("args"))
    if isinstance(asked, str):
        commands: list[ShellNode] = list(parse_script(asked))
    else:
        commands = [_command(node, *(values.words(given.get("args")) if asked else [ANYTHING]))]
    folder = given.get("cwd")
    if folder is None or (isinstance(folder, ast.Constant) and folder.value is None):
        return commands, None
    return [ShellGroup("(", (_command(node, "cd", values.word(folder)), *commands))], None


def _pip(node: ast.Call, values: PythonValues) -> Done:
    return [_command(node, "pip", *(values.words(node.args[0]) if node.args else ()))], None


def _zip_file(node: ast.Call, values: PythonValues) -> Done:
    return [], ArchiveWord(values.word(node.args[0] if node.args else None))


def _scratch(node: ast.Call, _: PythonValues) -> Done:
    """A folder that is made for this run alone."""
    place = f"{SCRATCH}/{node.lineno}"
    return [_command(node, "mkdir", "-p", place)], place


def _opened(node: ast.Call, values: PythonValues) -> Done | None:
    """`open(PLACE, "w")`, which writes a file whose content is not known."""
    given = _named(node, "file", "mode")
    mode = values.word(given["mode"]) if "mode" in given else "r"
    writes = mode != ANYTHING and set("wax") & set(mode)
    return ([_command(node, "true", output=values.word(given.get("file")))], None) if writes else None


_CALLS: dict[str, Callable[[ast.Call, PythonValues], Done | None]] = {
    **{f"subprocess.{name}": _started for name in _STARTS},
    "os.system": _started,
    "shutil.copytree": _tree,
    "distutils.dir_util.copy_tree": _tree,
    "shutil.make_archive": _archived,
    "zipfile.ZipFile": _zip_file,
    "tempfile.mkdtemp": _scratch,
    "tempfile.TemporaryDirectory": _scratch,
    "pip.main": _pip,
    "pip._internal.main": _pip,
    "pip._internal.cli.main.main": _pip,
    "open": _opened,
}

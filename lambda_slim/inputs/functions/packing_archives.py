"""What `zip`, `unzip`, `rsync` and the calls of Python do to the files of a packing script."""

import os
from dataclasses import replace
from itertools import chain

from lambda_slim.formats.shell_script import ShellCommand
from lambda_slim.inputs.functions.globs import glob_regex
from lambda_slim.inputs.functions.packing import Packing, flag_values, plain_words


def follow_rsync(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`rsync [--exclude X] FROM TO`; false where it is not understood."""
    left_out = flag_values(rest, "--exclude")
    words = [word for word in plain_words(rest) if word not in left_out]
    places = list(filter(None, map(packing.path, words)))
    if not 2 <= len(places) == len(words) or "--include" in " ".join(rest):
        return False
    *sources, last = places
    if not all(map(packing.files.is_known, sources)):
        return False
    for word, source in zip(words, sources, strict=False):
        row = packing.row(command, last if _is_content(word) and not source.is_file() else last / source.name)
        packing.files.copy(source, replace(row, rules=excluding(left_out)))
    packing.files.made.add(last)
    return True


def _is_content(word: str) -> bool:
    """Whether a word names what a folder holds, and not the folder."""
    return word == "." or word.endswith(("/", "/."))


def excluding(globs: list[str]) -> tuple[tuple[bool, str], ...]:
    """Rules of patterns as `zip -x` and rsync take them: `*` crosses folders, and a folder is all that is in it."""
    rules = []
    for glob in globs:
        text = glob_regex(glob.strip("/").removeprefix("./").replace("**", "*").replace("*", "**"))
        rules.append((False, rf"(?:.*/)?{text}(?:/.*)?"))
    return tuple(rules)


def follow_zip(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`zip -r ARCHIVE FILES [-x PATTERNS]`; false where it is not understood."""
    flags, words = _zip_words(rest)
    letters = _letters(flags)
    place = packing.path(words[0]) if len(words) > 1 else None
    if place is None or set("id@") & {*letters, *"".join(rest).partition("@")[1]}:
        return False
    archive = place if place.suffix else place.with_suffix(".zip")
    names = list(chain.from_iterable(_zipped(packing, word) for word in words[1:]))
    sources = list(filter(None, map(packing.path, names)))
    if not all([len(sources) == len(names), *map(packing.files.is_known, sources)]):
        return False
    rules = excluding(_after(rest, "-x", "--exclude"))
    for name, source in zip(names, sources, strict=True):
        row = packing.row(command, archive / stored_name(source.name if "j" in letters else name))
        packing.files.copy(source, replace(row, rules=rules))
    packing.files.made.discard(archive)
    return True


def _letters(flags: list[str]) -> str:
    return "".join(word[1:] for word in flags if not word.startswith("--"))


def _zipped(packing: Packing, word: str) -> list[str]:
    if word in (".", "./", "*", "./*"):
        return ["."]
    return packing.copied(word) if "*" in word else [word]


def stored_name(name: str) -> str:
    """The name of a file or folder in an archive."""
    below = name.removeprefix("./").rstrip("/").removesuffix("/.")
    return "" if below == "." or below.startswith("..") else below


def _zip_words(rest: list[str]) -> tuple[list[str], list[str]]:
    """(options, words); what stands behind `-x` is neither."""
    flags, words, aside = [], [], False
    for word in rest:
        if word.startswith("-"):
            aside = word in ("-x", "--exclude")
            flags.append(word)
        elif not aside:
            words.append(word)
    return flags, words


def _after(rest: list[str], *flags: str) -> list[str]:
    """The words behind an option, up to the next one."""
    taken, on = [], False
    for word in rest:
        if word.startswith("-"):
            on = word in flags
        elif on:
            taken.append(word)
    return taken


def follow_put(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """SOURCE TARGET [GLOBS …]: copies a file, or what a folder holds without what matches."""
    places = list(filter(None, map(packing.path, rest[:2])))
    if len(places) < 2 or not packing.files.is_known(places[0]):
        return False
    packing.files.copy(places[0], replace(packing.row(command, places[1]), rules=excluding(rest[2:])))
    packing.files.made |= {places[1]} if packing.files.is_folder(places[0]) and places[1].suffix != ".zip" else set()
    return True


def follow_pack(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """SOURCE START ARCHIVE: adds a folder or file to an archive, by its path from START."""
    places = list(filter(None, map(packing.path, rest)))
    if len(places) < 3 or not packing.files.is_known(places[0]):
        return False
    below = os.path.relpath(places[0], places[1])
    packing.files.copy(places[0], packing.row(command, places[2] / below))
    return not below.startswith("..")


def follow_unzip(packing: Packing, rest: list[str], command: ShellCommand) -> bool:
    """`unzip ARCHIVE -d FOLDER` of an archive that was made; false where it is not understood."""
    words = [word for word in plain_words(rest) if word not in flag_values(rest, "-d")]
    target = packing.path((flag_values(rest, "-d") or ["."])[0])
    source = packing.path(words[0]) if words else None
    if target is None or source is None or not packing.files.within(source):
        return "-l" in rest
    packing.files.copy(source, packing.row(command, target))
    return True

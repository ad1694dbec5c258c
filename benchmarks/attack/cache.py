"""Damages the cache in one place after the other: does a wrong zip come out with exit 0?

Each round damages three files of a cache that is in use: one of an installed tree, and one of each of two other
shelves. Then a project is built again, at level safe or reach, and the zip is compared with the one of a fresh cache.
In three rounds of four the finished builds are removed first, so that the zip has to be made of the rest. What came of
a round stays for the next. `--count` is the number of damages.
"""

import contextlib
import hashlib
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

PROJECT = {
    "app.py": "import jinja2, pages\ndef handler(event, context):\n    return jinja2.Template(pages.page()).render()\n",
    "pages.py": "def page():\n    return '{{ 1 + 1 }}'\n",
    "requirements.txt": "jinja2==3.1.6\nmarkupsafe==3.0.2\n",
    "lambda-slim.toml": '[functions.F]\nhandler = "app.handler"\n',
}
PER_ROUND = 3
LEVELS = (("--level", "safe"), ("--level", "reach", "--no-verify"))


def _flip(path: Path, dice: random.Random) -> None:
    data = bytearray(path.read_bytes() or b"\0")
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def _hidden(path: Path, dice: random.Random) -> None:
    """Another byte, with size and time of content as they were."""
    state = path.stat()
    if state.st_size:
        _flip(path, dice)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    else:
        path.unlink()


def _zeros(path: Path, dice: random.Random) -> None:
    """As after a power cut: a block was never written."""
    data = bytearray(path.read_bytes())
    start = dice.randrange(len(data) or 1) // 512 * 512
    data[start : start + 4096] = bytes(len(data[start : start + 4096]))
    path.write_bytes(data)


def _swap(path: Path, dice: random.Random) -> None:
    """The content of another file of the same kind."""
    others = sorted(other for other in path.parent.parent.rglob("*") if other.is_file() and other != path)
    path.write_bytes(dice.choice(others).read_bytes() if others else b"")


def _cut(path: Path, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size or 1)])


def _folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _linked(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _beside(path: Path, dice: random.Random) -> None:
    path.with_name(f"left_over_{dice.randrange(1000)}.py").write_text("print('not asked for')\n")


DAMAGES: dict[str, Callable[[Path, random.Random], object]] = {
    "byte flipped": _flip,
    "byte flipped, times put back": _hidden,
    "cut short": _cut,
    "emptied": lambda path, _: path.write_bytes(b""),
    "removed": lambda path, _: path.unlink(),
    "zeros": _zeros,
    "longer": lambda path, _: path.open("ab").write(b"\nX = 1\n"),
    "another's content": _swap,
    "a folder in its place": _folder,
    "a link in its place": _linked,
    "a file beside it": _beside,
}


def build(arguments: list[str], log: Path) -> int:
    """Runs lambda-slim in a fork, which has everything imported already; the exit code."""
    child = os.fork()
    if child == 0:
        code = 70
        with contextlib.suppress(BaseException), log.open("w") as told:
            os.dup2(told.fileno(), 1)
            os.dup2(told.fileno(), 2)
            from lambda_slim.cli.main import run

            code = run(arguments)
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def digest(path: Path) -> str:
    """The sha256 of a file; "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _chosen(cache: Path, dice: random.Random) -> list[Path]:
    """The files that a round damages, each of another shelf, the first of the installed trees."""
    shelves: dict[str, list[Path]] = {}
    for path in sorted(cache.rglob("*")):
        shelf = path.relative_to(cache).parts[0]
        if path.is_file() and shelf != "tmp":
            shelves.setdefault(shelf, []).append(path)
    others = sorted(set(shelves) - {"trees"})
    picked = ["trees", *dice.sample(others, min(PER_ROUND - 1, len(others)))]
    return [dice.choice(shelves[shelf]) for shelf in picked if shelf in shelves]


def main(seed: int, count: int) -> int:
    """Runs the attack; the number of rounds that went wrong."""
    work = Path(tempfile.mkdtemp(prefix="attack-cache-"))
    os.environ["LAMBDA_SLIM_CACHE"] = str(work / "cache")
    dice = random.Random(seed)
    project = work / "project"
    project.mkdir()
    for name, text in PROJECT.items():
        (project / name).write_text(text)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"

    def run(level: tuple[str, ...], out: Path) -> int:
        flags = ["build", str(project), "-q", "--python", python, "-o", str(out), *level]
        return build([*flags, "--offline"] if (work / "warm").exists() else flags, work / "log")

    wanted = {}
    for level in LEVELS:
        assert run(level, work / "x.zip") == 0, (work / "log").read_text()
        wanted[level] = digest(work / "x.zip")
    (work / "warm").touch()
    tried: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    wrong = []
    while tried.total() < count:
        done = []
        for path in _chosen(work / "cache", dice):
            name, damage = dice.choice(sorted(DAMAGES.items()))
            damage(path, dice)
            place = path.relative_to(work / "cache")
            tried[place.parts[0]] += 1
            done.append(f"{name}: {place}")
        if dice.random() < 0.75:
            shutil.rmtree(work / "cache" / "builds", ignore_errors=True)
        level = dice.choice(LEVELS)
        (work / "x.zip").unlink(missing_ok=True)
        code = run(level, work / "x.zip")
        ends[f"exit {code}"] += 1
        if (code == 0 and digest(work / "x.zip") != wanted[level]) or code not in (0, 3):
            wrong.append(f"after {tried.total()} damages: exit {code}: {'; '.join(done)}")
            print(wrong[-1], (work / "log").read_text()[-300:], flush=True)
    print(f"seed {seed}: {tried.total()} damages in {ends.total()} builds, {len(wrong)} wrong")
    print("by shelf: " + ", ".join(f"{shelf} {rounds}" for shelf, rounds in sorted(tried.items())))
    print("ends: " + ", ".join(f"{end}: {rounds}" for end, rounds in sorted(ends.items())))
    shutil.rmtree(work, ignore_errors=True)
    return len(wrong)

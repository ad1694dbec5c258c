"""Small projects of several functions in one folder, and edits to them, drawn at random."""

import random
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.errors import SlimError
from lambda_slim.formats.report_json import report_json
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.report import Report
from lambda_slim.tasks.build import build_function
from lambda_slim.tasks.build_options import BuildOptions
from lambda_slim.tasks.prepare import Shared

_MODULES = ("shared.alpha", "shared.beta", "shared.gamma", "consts", "lone", "deep.inner.leaf", "tests.test_alpha")
_DATA = {
    "data/table.json": '{"class": "shared.gamma.Thing", "list": ["lone.start"]}',
    "data/notes.md": "see templates/page.html",
    "templates/page.html": "<p>",
    "settings.ini": "script_location = migrations\nhandler = h1.handler\n",
    "docs/guide.md": "about shared.beta",
    "run.sh": "python -m shared.beta\n",
    "shared/rows.csv": "a,b\n",
    "model.pkl": "cshared.alpha\nThing\n.",
}
_PLACES = ("migrations/first.py", "scripts/tool.py", "shared/delta.py", "examples/try.py", "h9.py")
_TEXTS = (
    *_MODULES,
    "lib.plugins.csv",
    "lib",
    "boto3",
    "table.json",
    "data",
    "*.json",
    "migrations",
    "templates/page.html",
    "guide.md",
    "docs",
    "rows.csv",
    "order %s failed",
    "hello",
    "h1",
    "RECORD",
    "path",
    "-----BEGIN PRIVATE KEY-----",
    "lambda-slim",
)
_ODD = 0.12  # the share of statements that lead anywhere
_HANDLER = "\n\ndef handler(event, context):\n    return {number}\n"
_LIB = {
    "lib/__init__.py": "from lib.loader import load\n",
    "lib/loader.py": "import importlib\n\n\n"
    "def load(name):\n    return importlib.import_module('lib.plugins.' + name)\n",
    "lib/plugins/__init__.py": "",
    "lib/plugins/csv.py": "X = 1\n",
    "lib/plugins/json.py": "X = 2\n",
    "lib/data/table.json": "{}",
    "lib/docs/guide.rst": "text",
    "lib/tests/test_lib.py": "import lib\n",
}


class RandomFolder:
    """A project of a few functions that share a folder; `edit` changes something in it."""

    def __init__(self, root: Path, seed: int, *, library: bool = False) -> None:
        self.root = root
        self.source = root / "src"
        self.dice = random.Random(seed)
        self.names = tuple(f"h{number}" for number in range(self.dice.randint(3, 5)))
        self.library = library
        self.extra: list[str] = []
        for path in [*(f"{name}.py" for name in self.names), *map(_path_of, _MODULES), "shared/__init__.py"]:
            self.write(path, self.module(path))
        for path in self.dice.sample(sorted(_DATA), 5):
            self.write(path, _DATA[path])
        for path in self.dice.sample(_PLACES, 2):
            self.write(path, self.module(path))
        if library:
            (root / "wheels").mkdir()
            for version in ("1.0", "2.0"):
                _write_wheel(root / "wheels", version)
            self.require("1.0")
        self.settle()

    def write(self, path: str, text: str) -> None:
        """Writes a file of the code folder."""
        place = self.source / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    def require(self, version: str) -> None:
        """Has the functions need a version of the library."""
        (self.root / "requirements.txt").write_text(f"--no-index\n--find-links wheels\nlib=={version}\n", "utf-8")

    def settle(self) -> None:
        """Writes the settings."""
        requirements = 'requirements = "requirements.txt"\n' * self.library
        rows = (
            f'[functions.{name}]\nhandler = "{name}.handler"\nsource = "src"\n{requirements}' for name in self.names
        )
        head = 'level = "reach"\nruntime = "python3.11"\n' + "".join(self.extra)
        (self.root / "lambda-slim.toml").write_text(head + "".join(rows), "utf-8")

    def module(self, path: str) -> str:
        """The source of a module."""
        lines = [self.line() for _ in range(self.dice.randint(0, 2))]
        handler = _HANDLER.format(number=path.removesuffix(".py")[1:]) if path.removesuffix(".py") in self.names else ""
        return "\n".join(lines) + "\n" + handler

    def line(self) -> str:
        """One statement; some lead to other modules, some name files, most do neither."""
        text, module, count = self.dice.choice(_TEXTS), self.dice.choice(_MODULES), self.dice.randint(0, 9)
        package, _, name = module.rpartition(".")
        plain = (
            f"VALUE = {count}",
            f"print({count})",
            f"# {text} {count}",
            f"TEXT = {text!r}",
            f"print({text!r}, {count})",
            f"import {module}",
            f"from {package or 'shared'} import {name}",
            f"def later():\n    import {module}\n    return {count}",
            f"try:\n    import {module}\nexcept ImportError:\n    pass",
            f"NAME = {module!r}",
            "def start():\n    return 1",
            f"open({text!r})",
            "import lib",
        )
        odd = (
            f"import importlib\nimportlib.import_module({text!r})",
            "import importlib\nfrom consts import NAME\nimportlib.import_module(NAME)",
            "import importlib\ndef load(name):\n    return importlib.import_module(f'shared.{name}')\nload('alpha')",
            "import importlib\ndef load_any(name):\n    return importlib.import_module(name)\n",
            f"from shared.alpha import load_any\nload_any({text!r})",
            f"from pathlib import Path\nplace = Path(__file__).parent / {text!r}",
            "from pathlib import Path\ndef read(name):\n    return (Path(__file__).parent / name).read_text()",
            f"import subprocess\nsubprocess.run(['python', '-m', {module!r}])",
            f"import os\nos.system('python -m {module}')",
            f"if __name__ == '__main__':\n    import {module}",
            f"LIST = [{text!r}, {module!r}]",
            "INSTALLED_APPS = ['shared']",
            "import pickle\npickle.loads(b'')",
            "import importlib.metadata\nimportlib.metadata.files('lib')",
            f"import lib\nlib.load({text!r})",
            "from lib import plugins",
            "import sys\nsys.path.insert(0, 'deep')",
            f"import boto3\nboto3.client({text!r})",
            "class Thing:\n    def start(self):\n        return self",
        )
        return self.dice.choice(odd if self.dice.random() < _ODD else plain)

    def edit(self) -> str:
        """Changes something, and says what."""
        rare = [self._remove, self._data, self._add, self._rename, self._setting, self._move]
        rare += [self._requirement] * self.library
        return self.dice.choice([self._line, self._line, self._comment, self.dice.choice(rare)])()

    def _sources(self) -> list[Path]:
        return sorted(self.source.rglob("*.py"))

    def _line(self) -> str:
        place = self.dice.choice([*self._sources(), *(self.source / f"{name}.py" for name in self.names)])
        lines = place.read_text("utf-8").split("\n\n\n")
        parts = lines[0].split("\n")
        new = self.line()
        if self.dice.random() < 0.5:
            parts.insert(0, new)
        else:
            parts.append(new)
        place.write_text("\n".join(parts) + "".join(f"\n\n\n{rest}" for rest in lines[1:]), "utf-8")
        return f"{place.name}: {new}"

    def _comment(self) -> str:
        place = self.dice.choice(self._sources())
        with place.open("a", encoding="utf-8") as file:
            file.write(f"# {self.dice.choice(_TEXTS)}\n")
        return f"a comment in {place.name}"

    def _remove(self) -> str:
        place = self.dice.choice([path for path in self._sources() if path.stem not in self.names])
        place.unlink()
        return f"without {place}"

    def _move(self) -> str:
        place = self.dice.choice([path for path in self._sources() if path.stem not in self.names])
        place.rename(place.with_name(f"moved{self.dice.randint(0, 99)}.py"))
        return f"moved {place}"

    def _data(self) -> str:
        path = self.dice.choice(sorted(_DATA))
        self.write(path, f"{self.dice.choice(_TEXTS)}\n{_DATA[path]}")
        return f"data {path}"

    def _add(self) -> str:
        path = self.dice.choice((*_PLACES, *map(_path_of, _MODULES)))
        self.write(path, self.module(path))
        return f"new {path}"

    def _rename(self) -> str:
        places = [path for path in sorted(self.source.rglob("*")) if path.is_file() and path.suffix != ".py"]
        if not places:
            return self._add()
        place = self.dice.choice(places)
        place.rename(place.with_name(f"other{place.suffix}"))
        return f"renamed {place}"

    def _setting(self) -> str:
        rows = ('keep = ["/lone.py"]\n', 'exclude = ["shared/beta.py"]\n', "guard = false\n", 'bytecode = "all"\n')
        self.extra = self.dice.sample(rows, self.dice.randint(0, 2))
        self.settle()
        return f"settings {self.extra}"

    def _requirement(self) -> str:
        version = self.dice.choice(("1.0", "2.0"))
        self.require(version)
        return f"lib {version}"


def _path_of(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _write_wheel(folder: Path, version: str) -> None:
    info = f"lib-{version}.dist-info"
    files = {
        **_LIB,
        **({"lib/plugins/xml.py": "import lib.plugins.csv\n"} if version == "2.0" else {}),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: lib\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"lib-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def build_folder(
    root: Path, out: Path, *, prove: bool = False, names: Sequence[str] = ()
) -> dict[str, tuple[str, str]]:
    """Builds all functions of a project, or some of them: by name the digest of the zip, and the report as JSON.

    Of a function that cannot be built, the message. Times are no part of it.
    """
    settings = load(root)
    functions = [row for row in find_project(root, settings).functions if not names or row.name in names]
    shared = Shared(functions)
    answers: dict[str, tuple[str, str]] = {}
    for function in functions:
        place = out / f"{function.name}.zip"
        try:
            report = build_function(function, settings, place, BuildOptions(prove=prove), shared=shared).report
        except SlimError as error:
            answers[function.name] = "", f"{error.message}: {error.cause}"
            continue
        assert report.package is not None
        proof = report.proof and replace(report.proof, init_us=(0, 0))
        plain = replace(report, package=replace(report.package, path=""), proof=proof)
        text = report_json(Report(__version__, (plain,)))
        answers[function.name] = sha256(place.read_bytes()).hexdigest(), text
    shared.close()
    return answers

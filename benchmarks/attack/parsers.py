"""Mutated inputs for everything that is read from outside: no traceback, no exit 4, no hang, no memory without end.

`python -m benchmarks.attack parsers --seed 1 --count 2000`; the count is for each parser. Every input goes through the
command line, in this process.
"""

import contextlib
import io
import json
import os
import random
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.cli.main import run
from tests.binaries import make_elf, make_pyc

MOST_SECONDS, MOST_MIB = 5.0, 1024
APP = b"import json\nTABLE = {'a': [1, 2.5, None]}\ndef handler(event, context):\n    return json.dumps(event)\n"
TEMPLATE = b"""Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: prod}, Names: {Type: CommaDelimitedList, Default: 'a,b'}}
Mappings: {Sizes: {prod: {memory: 512}}}
Conditions: {Live: !Equals [!Ref Stage, prod]}
Globals: {Function: {Runtime: python3.12, Timeout: 3, Environment: {Variables: &vars {A: b, N: 1}}}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: !If [Live, app.handler, !Sub '${Stage}.handler']
      MemorySize: !FindInMap [Sizes, !Ref Stage, memory]
      Environment: {Variables: {<<: *vars, C: !Join ['-', [x, !Ref Stage]]}}
      Layers: [!Ref Stage]
"""
SETTINGS = b"""runtime = "python3.12"
keep = ["data/*.json"]
exclude = ["tests/"]
ignore-fields = ["a.b"]
[budgets]
unzipped = "60 MiB"
[functions.Orders]
handler = "app.handler"
events = ["events/*.json"]
environment = { A = "b" }
"""
REQUIREMENTS = (
    b"# -*- coding: utf-8 -*-\n--index-url https://127.0.0.1:9/simple\nno-such-thing-1==1.0 ; python_version > '3'\n",
    (
        b"-r more.txt\n-c more.txt\n-e ./local\n--find-links wheels\nno-such-thing @ https://127.0.0.1:9/x.whl#sha256=0\n"
        b"no-such-thing-1[a]==1.0 \\\n    --hash=sha256:" + b"0" * 64 + b"\ngit+https://me:pw@127.0.0.1:9/x@main\n"
    ),
)
POETRY = b"""[[package]]
name = "idna"
version = "3.7"
optional = false
python-versions = ">=3.5"
groups = ["main"]
files = [{file = "idna-3.7-py3-none-any.whl", hash = "sha256:82fee1fc78add43492d3a1898bfa6d8a904cc97d8427f6"}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.12"
content-hash = "0"
"""
PIPFILE = json.dumps(
    {
        "_meta": {"hash": {"sha256": "0"}, "pipfile-spec": 6, "sources": [{"name": "p", "url": "https://127.0.0.1:9"}]},
        "default": {"idna": {"version": "==3.7", "hashes": ["sha256:0"], "markers": "python_version > '3'"}},
        "develop": {},
    }
).encode()
TRACE = json.dumps(
    {
        "trace_version": 1,
        "modules": {"app": "app.py"},
        "init_modules": ["app"],
        "files": ["app.py"],
        "folders": [],
        "calls": ["app:handler"],
        "events": ["one"],
        "code": "",
    }
).encode()
LOG = b"""import time: self [us] | cumulative | imported package
import time:       100 |        100 |   encodings.aliases
import time:       900 |       1000 | encodings
START RequestId: 1 Version: $LATEST
REPORT RequestId: 3f\tDuration: 3.1 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tInit Duration: 201.5 ms
"""
ODD = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\x1b[31m",
    "\u202e".encode(),
    b"9" * 400,
    b"-1",
    b"1e999",
    b"[" * 300,
)
ODD += (
    b"{" * 300,
    b"\n- " * 200,
    b"&a [*a]",
    b"<<: *vars",
    b"!Ref ",
    b"null",
    b"~",
    b"../..",
    b"/dev/zero",
    b"::error::x",
)
ODD += (b"[" * 50_000, b'{"a":' * 50_000, b"(" * 5_000, b"1" * 5_000, b"-" * 5_000 + b"1", b"a" + b".a" * 5_000)
ODD += (b"+1" * 5_000, b"[[a]]\n" * 500)


@dataclass(frozen=True)
class Parser:
    """What is mutated: its file, what it holds when well, the files beside it, and the command that reads it."""

    name: str
    seeds: Callable[[], Sequence[bytes]]
    command: Sequence[str]
    beside: dict[str, bytes]


def _zip() -> list[bytes]:
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as file:
            file.writestr("app.py", APP)
            file.writestr("lib/x.so", make_elf())
            file.writestr("lib/__init__.py", b"")
        found.append(out.getvalue())
    return found


def _report() -> list[bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.py").write_bytes(APP)
        words = ["analyze", str(folder), "--handler", "app.handler", "--python", "3.12", "--no-import", "--offline"]
        _said(run, [*words, "--json", str(folder / "r.json"), "-q"])
        return [(folder / "r.json").read_bytes()]


def _lock() -> list[bytes]:
    with tempfile.TemporaryDirectory() as name:
        for path, data in PROJECT.items():
            (Path(name) / path).write_bytes(data)
        _said(run, ["check", name, "--no-import", "--offline", "-q", "--update"])
        return [(Path(name) / "lambda-slim.lock").read_bytes()]


SETTLED = {"app.py": APP, "events/one.json": b"{}", "data/x.json": b"{}"}
PROJECT = {"app.py": APP, "lambda-slim.toml": b'runtime = "python3.12"\n[functions.F]\nhandler = "app.handler"\n'}
DRY = ("build", ".", "--dry-run", "--offline", "-q")
PARSERS = {
    "template": Parser("template.yaml", lambda: [TEMPLATE], ("files", ".", "--offline", "-q"), {"src/app.py": APP}),
    "settings": Parser("lambda-slim.toml", lambda: [SETTINGS], ("files", ".", "--offline", "-q"), SETTLED),
    "requirements": Parser("requirements.txt", lambda: REQUIREMENTS, DRY, {**PROJECT, "more.txt": b"idna\n"}),
    "poetry.lock": Parser(
        "poetry.lock",
        lambda: [POETRY],
        DRY,
        {**PROJECT, "pyproject.toml": b'[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'},
    ),
    "Pipfile.lock": Parser("Pipfile.lock", lambda: [PIPFILE], DRY, {**PROJECT, "Pipfile": b"[packages]\nidna = '*'\n"}),
    "pylock": Parser("pylock.toml", lambda: [b'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n'], DRY, PROJECT),
    "trace": Parser("t.json", lambda: [TRACE], (*DRY, "--level", "trace", "--trace", "t.json", "--no-verify"), PROJECT),
    "lock file": Parser(
        "lambda-slim.lock",
        _lock,
        ("check", ".", "--no-import", "--offline", "-q"),
        {**PROJECT, "lambda-slim.toml": PROJECT["lambda-slim.toml"] + b'[budgets]\nunzipped = "1 MiB"\n'},
    ),
    "report": Parser("r.json", _report, ("diff", "r.json", "r.json"), {}),
    "log": Parser("x.log", lambda: [LOG], ("calibrate", "x.log", "--runs", "1", "--offline", "-q"), PROJECT),
    "import log": Parser("x.log", lambda: [LOG], ("analyze", ".", "--from-log", "x.log", "--offline", "-q"), PROJECT),
    "ELF": Parser("lib/x.so", lambda: [make_elf()], ("audit", ".", "--python", "3.12", "-q"), PROJECT),
    "ELF, built": Parser("lib.so", lambda: [make_elf()], ("build", ".", "--offline", "-q", "--no-verify"), PROJECT),
    "pyc": Parser("lib/x.pyc", lambda: [make_pyc(3531)], ("audit", ".", "--python", "3.12", "-q"), PROJECT),
    "zip": Parser("x.zip", _zip, ("audit", "x.zip", "--python", "3.12", "-q"), {}),
    "serverless.yml": Parser(
        "serverless.yml",
        lambda: [
            (
                b"service: x\nprovider: {name: aws, runtime: python3.12, environment: {A: b}}\n"
                b"custom: {name: orders, pick: '${self:custom.name}'}\n"
                b"functions:\n  F: {handler: app.handler, name: '${self:custom.pick}', memorySize: 256}\n"
            )
        ],
        ("files", ".", "--offline", "-q"),
        {"app.py": APP},
    ),
    "Terraform": Parser(
        "main.tf",
        lambda: [
            (
                b'variable "name" { default = "x" }\nlocals { runtime = "python3.12" }\n'
                b'data "archive_file" "zip" {\n  type = "zip"\n  source_dir = "${path.module}/src"\n'
                b'  output_path = "x.zip"\n}\n'
                b'resource "aws_lambda_function" "f" {\n  function_name = var.name\n  handler = "app.handler"\n'
                b"  runtime = local.runtime\n  filename = data.archive_file.zip.output_path\n}\n"
            )
        ],
        ("files", ".", "--offline", "-q"),
        {"src/app.py": APP},
    ),
    "CDK, TypeScript": Parser(
        "lib/stack.ts",
        lambda: [
            (
                b"import * as lambda from 'aws-cdk-lib/aws-lambda';\n"
                b"const common = { runtime: lambda.Runtime.PYTHON_3_12 };\n"
                b"export class S extends Stack {\n"
                b"  constructor(scope: Construct, id: string) {\n    super(scope, id);\n"
                b"    const fn: lambda.Function = new lambda.Function(this, 'One', {\n"
                b"      ...common, handler: 'app.handler',\n"
                b"      code: lambda.Code.fromAsset(path.join(__dirname, `../${'src'}`)), "
                b"timeout: Duration.seconds(3),\n"
                b"    })\n  }\n}\n"
            )
        ],
        ("files", ".", "--offline", "-q"),
        {"src/app.py": APP, "cdk.json": b"{}"},
    ),
    "Pulumi, Python": Parser(
        "__main__.py",
        lambda: [
            (
                b'import pulumi\nfrom pulumi_aws import lambda_\nROOT = "src"\n'
                b'lambda_.Function("one", runtime="python3.12", handler=f"app.{"handler"}", memory_size=256,\n'
                b'    code=pulumi.AssetArchive({".": pulumi.FileArchive("./" + ROOT)}))\n'
            )
        ],
        ("files", ".", "--offline", "-q"),
        {"src/app.py": APP, "Pulumi.yaml": b"name: x\nruntime: python\n"},
    ),
    "source": Parser("app.py", lambda: [APP], ("files", ".", "--offline", "-q"), PROJECT),
    "linted source": Parser("app.py", lambda: [APP], ("lint", "app.py"), {}),
}


def mutated(seed: bytes, random_: random.Random) -> bytes:
    """A seed with a few changes: bytes, cuts, repeats, odd texts, numbers, another encoding."""
    data = bytearray(seed)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 8))):
        place = random_.randrange(len(data) + 1)
        way = random_.randrange(9)
        if way == 0:
            data[place : place + 1] = bytes([random_.randrange(256)])
        elif way == 1:
            del data[place : place + random_.randrange(1, 60)]
        elif way == 2:
            data[place:place] = data[place : place + random_.randrange(200)] * random_.choice((1, 2, 50))
        elif way == 3:
            data[place:place] = random_.choice(ODD)
        elif way == 4:
            del data[place:]
        elif way == 5:
            data[place : place + 8] = random_.choice((b"\xff", b"\0", b"\x7f")) * random_.choice((1, 2, 4, 8))
        elif way == 6:
            lines = data.split(b"\n")
            random_.shuffle(lines)
            data = bytearray(b"\n".join(lines))
        elif way == 7:
            data = bytearray(data.replace(random_.choice((b"1", b'"', b":", b"[", b"=")), random_.choice(ODD), 1))
        else:
            with contextlib.suppress(UnicodeError):
                text = data.decode("utf-8")
                data = bytearray(text.encode(random_.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp500"))))
    return bytes(data[: 1 << 20])


def _said(call: Callable[[list[str]], int], words: list[str]) -> tuple[int, str]:
    """The exit code of a command in this process, and what it said."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = call(words)
        out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "replace")


def _spent() -> float:
    """CPU seconds of this process and of the children that have ended."""
    return sum(os.times()[:4])


def attack(name: str, seed: int, count: int, folder: Path) -> list[str]:
    """Runs mutated inputs through one parser; gives what failed, and leaves such inputs in the folder."""
    parser, random_ = PARSERS[name], random.Random(f"{name} {seed}")
    project = folder / "project"
    for path, data in parser.beside.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(data)
    (project / parser.name).parent.mkdir(parents=True, exist_ok=True)
    seeds, failed = parser.seeds(), []
    with contextlib.chdir(project):
        for number in range(count):
            data = mutated(random_.choice(seeds), random_)
            Path(parser.name).write_bytes(data)
            begun = _spent()
            code, said = _said(run, list(parser.command))
            spent = _spent() - begun
            if code not in (0, 1, 2, 3, 5) or "Traceback" in said or spent > MOST_SECONDS:
                (folder / f"{name.replace(' ', '-')}-{number}").write_bytes(data)
                failed.append(f"{name} {number}: exit {code}, {spent:.1f} s: {' '.join(said.split())[:200]}")
    return failed


def main(seed: int, count: int) -> int:
    """Every parser with `count` inputs."""
    failures = 0
    for name in PARSERS:
        folder = Path(tempfile.mkdtemp(prefix="lambda-slim-attack-"))
        begun = _spent()
        failed = attack(name, seed, count, folder)
        failures += len(failed)
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = max(resource.getrusage(which).ru_maxrss for which in who) // 1024
        spent = _spent() - begun
        print(f"{name}: {count} tried, {len(failed)} failed; {spent:.0f} s CPU, peak so far {peak} MiB", flush=True)
        for line in failed[:5]:
            print(f"  {line}  ({folder})", flush=True)
        failures += peak > MOST_MIB
    return failures


if __name__ == "__main__":
    sys.exit(main(1, 20))

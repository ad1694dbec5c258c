"""`build --all`, `check --all`, `analyze --all`: all that a repository deploys, in one table."""

import json
import subprocess
import zipfile

import pytest

from tests.cli.conftest import PYTHON

HANDLER = "def handler(event, context):\n    return 1\n"
TEMPLATE = (
    "Transform: AWS::Serverless-2016-10-31\nResources:\n  {name}:\n    Type: AWS::Serverless::Function\n"
    f"    Properties: {{{{CodeUri: {{code}}, Handler: app.handler, Runtime: python{PYTHON}}}}}\n"
)


@pytest.fixture
def repository(tool):
    for name in ("lambda-slim.toml", "app.py", "helper.py"):
        (tool.folder / name).unlink()
    tool.write("api/template.yaml", TEMPLATE.format(name="Orders", code="src/"))
    tool.write("api/src/app.py", HANDLER)
    tool.write("api/old.yaml", TEMPLATE.format(name="Commandes", code="src/"))
    tool.write("api/second.yaml", TEMPLATE.format(name="ORDERS", code="other/"))
    tool.write("api/other/app.py", HANDLER)
    tool.write("jobs/report/requirements.txt", "")
    tool.write("jobs/report/app.py", HANDLER)
    tool.write("jobs/report/.python-version", PYTHON)
    for arguments in (("init",), ("add", "-A"), ("commit", "-m", "all")):
        who = ("-c", "user.email=a@example.org", "-c", "user.name=a")
        subprocess.run(["git", *who, "-C", tool.folder, *arguments], check=True, capture_output=True)
    return tool


def zips(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.zip"))


def test_each_deployable_is_built_into_its_own_dist_and_a_bad_one_stops_none(repository):
    repository.write("bad/template.yaml", TEMPLATE.format(name="Lost", code="nowhere/"))

    done = repository("build", "--all", "--json", "all.json", code=2)

    assert zips(repository.folder) == [
        "api/dist/Orders.zip",
        "api/dist/second/ORDERS.zip",  # beside Orders.zip it would be one file where case is ignored
        "jobs/report/dist/report.zip",
    ]
    rows = {
        (row["deployable"], row["function"]): row
        for row in json.loads((repository.folder / "all.json").read_text())["rows"]
    }
    assert rows["api/old.yaml", "Commandes"]["message"] == "api/template.yaml: Orders"
    assert rows["api/old.yaml", "Commandes"]["result"] == "same"
    assert rows["bad/template.yaml", ""]["code"] == 2
    orders = rows["api/template.yaml", "Orders"]
    built = repository.folder / orders["path"]
    assert orders["zipped"] == built.stat().st_size
    with zipfile.ZipFile(built) as archive:
        assert orders["after"] == sum(member.file_size for member in archive.infolist())
    assert orders["before_zipped"] > 0
    assert "bad/template.yaml: " in done.stdout
    assert "1 the same as another, 1 failed" in done.stdout
    manifest = json.loads((repository.folder / "jobs/report/dist/lambda-slim.manifest.json").read_text())
    assert manifest["packages"][0]["source"] == ".."


def test_several_deployments_are_built_without_being_named(repository):
    repository.write("web/template.yaml", TEMPLATE.format(name="Web", code="../api/src"))

    done = repository("build", "--dry-run")

    assert "each is built, as with --all: there are api/template.yaml, web/template.yaml" in done.stderr
    assert "report" in done.stdout
    assert "say --all for all of them" in repository("check", code=2).stderr


def test_only_what_changed_and_only_a_part_of_it(repository):
    assert repository("build", "--all", "--changed", "git:HEAD").stdout == "3 functions unchanged\n"

    repository.write("api/other/tables.json", "{}")
    repository("build", "--all", "--changed", "git:HEAD", "-o", "out")
    assert zips(repository.folder) == ["out/api/second/ORDERS.zip"]

    for part in ("1/2", "2/2"):
        repository("build", "--all", "--shard", part, "-o", "out", "--jobs", "1")
    assert zips(repository.folder) == [
        "out/api/Orders.zip",
        "out/api/second/ORDERS.zip",
        "out/jobs/report/report.zip",
    ]


def test_each_folder_has_its_lock_and_what_grew_is_named_with_its_deployable(repository):
    repository.write("bad/template.yaml", TEMPLATE.format(name="Lost", code="nowhere/"))
    assert "4 functions checked, 1 failed" in repository("check", "--all", "--update", code=2).stdout
    locks = sorted(path.relative_to(repository.folder).as_posix() for path in repository.folder.rglob("*.lock"))
    assert locks == ["api/lambda-slim.lock", "jobs/report/lambda-slim.lock"]
    assert {*json.loads((repository.folder / locks[0]).read_text())["functions"]} == {"Orders", "Commandes", "ORDERS"}

    (repository.folder / "bad/template.yaml").unlink()
    repository.write("api/other/app.py", HANDLER + f"TEXT = {'x' * 9000!r}\n")
    repository.write("api/lambda-slim.toml", '[budgets]\ngrowth = "1 KB"\n')
    grown = repository("check", "--all", "--changed", "git:HEAD", "-F", "O*", "--junit", "all.xml", code=1)
    assert "1 failed" in grown.stdout
    assert 'name="api/second.yaml: ORDERS"' in (repository.folder / "all.xml").read_text()


def test_an_analysis_of_all(repository):
    repository.write("api/other/app.py", "import nothing_of_the_kind\n" + HANDLER)
    told = repository("analyze", "--all", "--runs", "1", "--json", "all.json", code=1).stdout
    assert "2 functions analysed, 1 the same as another, 1 failed" in told
    rows = {row["function"]: row for row in json.loads((repository.folder / "all.json").read_text())["rows"]}
    assert [rows[name]["result"] for name in ("Orders", "ORDERS", "Commandes")] == ["analyzed", "dead", "same"]
    assert rows["Orders"]["init_us"] > 0


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--changed", "git:HEAD"], "--all --changed"),
        (["--all", "--handler", "app.handler"], "exclude each other"),
        (["--all", "--changed", "git:nowhere"], "git knows no commit"),
        (["--all", "-F", "Nobody"], "no function is called `Nobody`"),
    ],
)
def test_flags_that_make_no_sense_are_refused(repository, flags, said):
    assert said in repository("build", *flags, code=2).stderr

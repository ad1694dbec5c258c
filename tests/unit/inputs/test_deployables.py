"""All that a repository deploys, and what each function is made from."""

import pytest

from lambda_slim.base.errors import NothingToDoError
from lambda_slim.inputs.deployables.find import find_deployables, without_doubles
from lambda_slim.inputs.deployables.folders import folders
from lambda_slim.inputs.deployables.touched import Changes, changes_of, is_touched
from lambda_slim.inputs.settings.load import load

HANDLER = "def handler(event, context):\n    return 1\n"


ZIPPED = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "../made/by-hand.zip"
}
"""


def put(root, name, text=""):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def template(*functions):
    rows = [
        f"  {name}:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{CodeUri: {code}, Handler: app.handler, Runtime: {runtime}}}\n"
        for name, code, runtime in functions
    ]
    return "Transform: AWS::Serverless-2016-10-31\nResources:\n" + "".join(rows)


def found(root):
    return find_deployables(root, lambda place: load(place, overrides={"runtime": None}, working=root))


def table(root):
    return {row.label: [function.name for function in row.functions] for row in found(root)}


def names_of(root):
    return {path.relative_to(root).as_posix() for path in folders(root)}


def test_folders_that_git_ignores_and_outputs_of_builds_are_left_out(tmp_path):
    put(tmp_path, ".gitignore", "old/\n/only-here\n")
    put(tmp_path, "a/.gitignore", "!old/\ngone/\n")
    for name in ("a/old/x", "a/gone/x", "b/old/x", "only-here/x", "b/only-here/x", "node_modules/p/x", "a/cdk.out/x"):
        put(tmp_path, name)
    put(tmp_path, ".aws-sam/build/x")
    put(tmp_path, "out/lambda-slim.manifest.json", "{}")
    put(tmp_path, "place/pyvenv.cfg")
    put(tmp_path, "tests/e2e/x")

    assert names_of(tmp_path) == {".", "a", "a/old", "b", "b/only-here"}


def test_a_root_below_the_repository_heeds_the_gitignore_above(tmp_path):
    (tmp_path / ".git").mkdir()
    put(tmp_path, ".gitignore", "services/left/\n")
    put(tmp_path, "services/left/x")
    put(tmp_path, "services/right/x")

    assert names_of(tmp_path / "services") == {".", "right"}


def test_templates_dockerfiles_and_projects_are_found(tmp_path):
    put(tmp_path, "api/template.yaml", template(("Orders", "src/", "python3.12")))
    put(tmp_path, "api/other.yml", template(("Users", "users/", "python3.12")))
    for name in ("api/src/app.py", "api/users/app.py", "image/app.py", "job/main.py", "nested/deep/lambda_function.py"):
        put(tmp_path, name, HANDLER)
    put(tmp_path, "api/src/requirements.txt")  # of the template's function, not a project of its own
    put(
        tmp_path,
        "image/Dockerfile.pdf",
        'FROM public.ecr.aws/lambda/python:3.12\nCOPY app.py ./\nCMD ["app.handler"]\n',
    )
    put(tmp_path, "job/requirements.txt")
    put(tmp_path, "nested/deep/requirements.txt")
    put(tmp_path, "requirements.txt")  # of tools: what is below has its own
    put(tmp_path, "notes/requirements.txt")
    put(tmp_path, "notes/words.py", "WORDS = []\n")

    assert table(tmp_path) == {
        "api/template.yaml": ["Orders"],
        "api/other.yml": ["Users"],
        "job": ["job"],
        "image/Dockerfile.pdf": ["image"],
        "nested/deep": ["deep"],
    }


def test_a_project_around_others_has_the_handler_that_none_of_them_has(tmp_path):
    put(tmp_path, "requirements.txt")
    put(tmp_path, "app.py", HANDLER)
    put(tmp_path, "services/users/requirements.txt")
    put(tmp_path, "services/users/app.py", HANDLER)

    rows = found(tmp_path)

    assert [(row.label, [function.handler for function in row.functions]) for row in rows] == [
        (".", ["app.handler"]),
        ("services/users", ["app.handler"]),
    ]
    assert [row.functions[0].source for row in rows] == [tmp_path, tmp_path / "services/users"]


def test_what_cannot_be_read_is_told_beside_the_others(tmp_path):
    put(tmp_path, "bad/template.yaml", "Resources: [AWS::Serverless::Function")
    put(tmp_path, "good/template.yaml", template(("Good", ".", "python3.12"), ("Lost", "nowhere/", "python3.12")))
    put(tmp_path, "good/app.py", HANDLER)
    put(tmp_path, "settings/lambda-slim.toml", "lvel = 'reach'\n")

    rows = {row.label: row for row in found(tmp_path)}

    assert rows["bad/template.yaml"].error is not None
    assert [function.name for function in rows["good/template.yaml"].functions] == ["Good"]
    assert [failure.name for failure in rows["good/template.yaml"].project.failures] == ["Lost"]
    assert "lvel" in rows["settings"].error.message


def test_a_folder_without_anything_says_so(tmp_path):
    put(tmp_path, "src/words.py", "WORDS = []\n")

    with pytest.raises(NothingToDoError):
        found(tmp_path)


def test_terraform_modules_that_others_use_deploy_nothing_by_themselves(tmp_path):
    put(tmp_path, "main.tf", 'module "orders" {\n  source = "./modules/function"\n}\n')
    put(
        tmp_path,
        "modules/function/main.tf",
        'variable "handler" {}\nresource "aws_lambda_function" "it" {\n'
        '  handler = var.handler\n  runtime = "python3.12"\n  function_name = "it"\n  filename = "x.zip"\n}\n',
    )
    put(tmp_path, "job/requirements.txt")
    put(tmp_path, "job/app.py", HANDLER)

    assert "modules/function/main.tf" not in table(tmp_path)


def test_one_function_that_two_templates_name_is_built_once(tmp_path):
    put(tmp_path, "template.yaml", template(("Orders", "src/", "python3.12"), ("Old", "src/", "python3.11")))
    put(
        tmp_path,
        "serverless.yml",
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions:\n  orders: {handler: src/app.handler}\n",
    )
    put(tmp_path, "infra/stack.yaml", template(("Bestellungen", "../src", "python3.12")))
    put(tmp_path, "src/app.py", HANDLER)

    unique, doubles = without_doubles(found(tmp_path))

    assert {row.label: [function.name for function in row.functions] for row in unique} == {
        "serverless.yml": ["orders"],  # src.app: another layout
        "template.yaml": ["Orders", "Old"],  # two runtimes are two packages
        "infra/stack.yaml": [],
    }
    assert doubles == {("infra/stack.yaml", "Bestellungen"): "template.yaml: Orders"}


@pytest.fixture
def repository(tmp_path):
    """A template with two functions, one of which depends on a library beside it, and that on another."""
    put(
        tmp_path,
        "api/template.yaml",
        template(("Orders", "orders/", "python3.12"), ("Health", "health/", "python3.12")),
    )
    put(tmp_path, "api/orders/app.py", HANDLER)
    put(tmp_path, "api/orders/requirements.txt", "-r ../../common.txt\n../../shared\n")
    put(tmp_path, "api/health/app.py", HANDLER)
    put(tmp_path, "common.txt", "six\n")
    put(
        tmp_path,
        "shared/pyproject.toml",
        '[project]\nname = "shared"\nversion = "1"\ndependencies = ["base"]\n'
        '[tool.uv.sources]\nbase = { path = "../base" }\n',
    )
    put(tmp_path, "shared/shared/__init__.py")
    put(tmp_path, "base/pyproject.toml", '[project]\nname = "base"\nversion = "1"\n')
    put(tmp_path, "linked/tables.py")
    put(tmp_path, "lambda-slim.toml", 'level = "safe"\n')
    (tmp_path / "api/health/tables.py").symlink_to(tmp_path / "linked/tables.py")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "touched"),
    [
        ("api/orders/app.py", {"Orders"}),
        ("api/orders/data/new.json", {"Orders"}),
        ("api/health/app.py", {"Health"}),
        ("common.txt", {"Orders"}),
        ("shared/shared/__init__.py", {"Orders"}),
        ("base/base.py", {"Orders"}),
        ("linked/tables.py", {"Health"}),
        ("api/template.yaml", {"Orders", "Health"}),
        ("lambda-slim.toml", {"Orders", "Health"}),
        ("README.md", set()),
        ("linked/other.py", set()),
        ("tools/requirements.txt", set()),
    ],
)
def test_a_change_touches_the_functions_that_are_made_from_it(repository, changed, touched):
    changes = Changes(frozenset({(repository / changed).resolve()}), frozenset())
    (row,) = found(repository)

    assert {function.name for function in row.functions if is_touched(function, row, changes)} == touched


def test_a_file_that_is_new_or_gone_above_the_code_may_declare_what_was_not_declared(repository):
    path = (repository / "api/requirements.txt").resolve()
    (row,) = found(repository)

    changes = Changes(frozenset({path}), frozenset({path}))

    assert all(is_touched(function, row, changes) for function in row.functions)


def test_packages_that_were_built_are_no_changes(tmp_path):
    put(tmp_path, "dist/lambda-slim.manifest.json", '{"packages": []}')
    paths = {put(tmp_path, "dist/Orders.zip"), tmp_path / "dist/lambda-slim.manifest.json", put(tmp_path, "src/app.py")}

    assert changes_of(paths, paths).paths == {tmp_path / "src/app.py"}


def test_a_workspace_touches_the_members_that_depend_on_each_other(tmp_path):
    put(
        tmp_path,
        "pyproject.toml",
        '[project]\nname = "all"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
    )
    put(tmp_path, "uv.lock", "version = 1\n")
    for name, needs in (("api", "core"), ("job", ""), ("core", "")):
        source = f"[tool.uv.sources]\n{needs} = {{ workspace = true }}\n" if needs else ""
        put(
            tmp_path,
            f"packages/{name}/pyproject.toml",
            f'[project]\nname = "{name}"\nversion = "1"\ndependencies = [{repr(needs) if needs else ""}]\n{source}',
        )
        put(tmp_path, f"packages/{name}/{name}_code.py", "X = 1\n" if name == "core" else HANDLER)
    changes = Changes(frozenset({(tmp_path / "packages/core/core_code.py").resolve()}), frozenset())

    rows = found(tmp_path)

    assert [row.label for row in rows] == ["packages/api", "packages/job"]
    assert [is_touched(row.functions[0], row, changes) for row in rows] == [True, False]
    lock = Changes(frozenset({(tmp_path / "uv.lock").resolve()}), frozenset())
    assert [is_touched(row.functions[0], row, lock) for row in rows] == [True, True]


def test_programs_that_deploy_are_asked_for_only_where_there_is_python(tmp_path):
    put(tmp_path, "web/cdk.json", '{"app": "npx ts-node bin/web.ts"}')
    put(tmp_path, "web/lib/web.ts", "export {}\n")
    put(tmp_path, "jobs/cdk.json", '{"app": "npx ts-node bin/jobs.ts"}')
    put(tmp_path, "jobs/lambda/app.py", HANDLER)

    (row,) = found(tmp_path)

    assert row.label == "jobs/cdk.json"
    assert "cdk synth" in row.error.hint


def test_a_program_without_python_beside_it_is_asked_for_where_it_deploys_the_python_of_another_folder(tmp_path):
    put(tmp_path, "infra/cdk.json", '{"app": "npx ts-node bin/app.ts"}')
    text = "new lambda.Function(this, 'F', { runtime: lambda.Runtime.PYTHON_3_13, handler, code: choose() })\n"
    put(tmp_path, "infra/lib/stack.ts", text)
    put(tmp_path, "backend/app.py", HANDLER)
    put(tmp_path, "backend/requirements.txt")

    failed = {row.label: row.error.hint for row in found(tmp_path) if row.error}

    assert list(failed) == ["infra/cdk.json"]
    assert "cdk synth" in failed["infra/cdk.json"]


def test_what_cannot_be_read_below_a_project_is_told_once(tmp_path):
    put(tmp_path, "requirements.txt")
    put(tmp_path, "src/app.py", HANDLER)
    put(tmp_path, "infra/main.tf", ZIPPED)

    assert [row.label for row in found(tmp_path) if row.error] == ["infra/main.tf"]


def test_a_serverless_file_with_resources_of_its_own_is_one(tmp_path):
    put(
        tmp_path,
        "serverless.yml",
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions:\n  orders: {handler: app.handler}\n"
        "resources:\n  Resources:\n    Bucket: {Type: AWS::S3::Bucket}\n",
    )
    put(tmp_path, "app.py", HANDLER)

    assert table(tmp_path) == {"serverless.yml": ["orders"]}

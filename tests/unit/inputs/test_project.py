"""Which functions are there, and is their handler?"""

import json
import os
import zipfile

import pytest

from lambda_slim.base.errors import ConfigError, HandlerError, NothingToDoError, SlimError, UsageError
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.project.handlers import names_in
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.function import RequirementsKind
from lambda_slim.model.settings import FunctionSettings, Settings
from tests.binaries import make_elf

PLAIN = {"CodeUri": ".", "Handler": "app.handler"}
HANDLER = "def handler(event, context):\n    return 1\n"


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def template(**functions):
    rows = {
        name: {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.12", **properties}}
        for name, properties in functions.items()
    }
    return json.dumps({"Resources": rows})


def find(root, handler=None, **settings):
    return find_project(root, Settings(root=root, **settings), handler=handler)


def test_one_obvious_handler(tmp_path):
    write(tmp_path, {"src/app.py": "def lambda_handler(e, c): ...\n"})

    (function,) = find(tmp_path).functions

    assert (function.handler, function.source, function.target.label) == (
        "src.app.lambda_handler",
        tmp_path,
        "python3.12 x86_64",
    )


def test_an_assumed_runtime_is_said(tmp_path):
    write(tmp_path, {"app.py": HANDLER})
    assert "no runtime is named" in find(tmp_path).warnings[0]

    write(tmp_path, {".python-version": "3.13.1\n"})
    assert find(tmp_path).functions[0].target.runtime.name == "python3.13"


def test_two_handlers_are_a_question(tmp_path):
    write(tmp_path, {"app.py": HANDLER, "main.py": HANDLER})

    with pytest.raises(UsageError, match="which handler") as caught:
        find(tmp_path)

    assert "app.handler (line 1) takes (event, context), main.handler (line 1) takes" in caught.value.cause
    assert find(tmp_path, handler="main.handler").functions[0].handler == "main.handler"


def test_no_handler(tmp_path):
    with pytest.raises(NothingToDoError, match="no handler found"):
        find(tmp_path)


def test_functions_of_a_template(tmp_path):
    text = template(
        Orders={"CodeUri": "a", "Handler": "app.handler", "Architectures": ["arm64"], "MemorySize": 512},
        Health={"CodeUri": "b", "Handler": "app.handler"},
        Later={"CodeUri": "b", "Handler": {"Ref": "Unknown"}},
        Picture={"PackageType": "Image"},
    )
    write(tmp_path, {"template.json": text, "a/app.py": HANDLER, "b/app.py": HANDLER})

    project = find(tmp_path)

    assert [(f.name, f.source, f.target.architecture, f.memory_mb) for f in project.functions] == [
        ("Orders", tmp_path / "a", "arm64", 512),
        ("Health", tmp_path / "b", "x86_64", 128),
    ]
    assert "Picture is left out: it is a container image" in project.warnings[0]
    assert "Later is left out: its Handler is missing, or only known at deployment" in project.warnings[1]
    assert [failure.name for failure in project.failures] == ["Later"]


def test_functions_are_chosen_by_patterns(tmp_path):
    text = template(
        Orders={"CodeUri": ".", "Handler": "app.handler"}, Health={"CodeUri": ".", "Handler": "app.handler"}
    )
    write(tmp_path, {"template.json": text, "app.py": HANDLER})

    assert [f.name for f in find(tmp_path, select=("Ord*",)).functions] == ["Orders"]
    with pytest.raises(UsageError, match="no function is called `Nope`"):
        find(tmp_path, select=("Nope",))


def test_settings_add_to_the_template(tmp_path):
    write(tmp_path, {"template.json": template(F={"CodeUri": ".", "Handler": {"Ref": "X"}}), "app.py": HANDLER})
    table = FunctionSettings("F", handler="app.handler", runtime="python3.13", environment={"A": "1"})

    (function,) = find(tmp_path, functions=(table,), template=tmp_path / "template.json").functions

    assert (function.handler, function.target.runtime.name, function.environment) == (
        "app.handler",
        "python3.13",
        {"A": "1"},
    )


def test_a_template_without_functions_leaves_nothing_to_do(tmp_path):
    write(tmp_path, {"template.yaml": "Resources: {T: {Type: 'AWS::S3::Bucket'}}\n", "app.py": HANDLER})

    with pytest.raises(NothingToDoError):
        find(tmp_path)


def test_an_unknown_runtime_names_the_nearest(tmp_path):
    write(tmp_path, {"app.py": HANDLER})

    with pytest.raises(ConfigError, match=r"python3\.21") as caught:
        find(tmp_path, runtime="python3.21")

    assert "did you mean `python3." in caught.value.hint


@pytest.mark.parametrize(
    ("handler", "message", "hint"),
    [
        ("handler", "`handler` is not a handler", "module.function"),
        ("src.ap.handler", "there is no module `src.ap`", "did you mean `src.app.handler`?"),
        ("src/ap.handler", "there is no module `src.ap`", "did you mean `src.app.handler`?"),
        ("zzz.handler", "there is no module `zzz`", "check Handler and CodeUri"),
        ("src.app.handle", "`app.py` has no `handle`", "did you mean `src.app.handler`?"),
        ("src.app.zzz", "`app.py` has no `zzz`", "it defines: handler"),
        (".handler", "`.handler` is not a handler", "module.function"),
        ("src.app.", "`src.app.` is not a handler", "module.function"),
        ("../other/app.handler", "`../other/app.handler` is not a handler", "module.function"),
        ("/etc/app.handler", "`/etc/app.handler` is not a handler", "module.function"),
    ],
)
def test_a_handler_that_is_not_there_names_the_nearest(tmp_path, handler, message, hint):
    write(tmp_path, {"p/src/app.py": HANDLER, "p.py": HANDLER, "p/other.py": "x = 1\n", "other/app.py": HANDLER})

    with pytest.raises(HandlerError) as caught:
        find(tmp_path / "p", handler=handler)

    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "from elsewhere import *\n",
        "from elsewhere import handler\n",
        "import x as handler\n",
        "handler = make()\n",
        "if x:\n    def handler(): ...\n",
        "class handler: ...\n",
        "def __getattr__(name): ...\n",
        "not python (\n",
    ],
)
def test_handlers_bound_in_any_way_are_taken(tmp_path, text):
    write(tmp_path, {"app.py": text})

    assert find(tmp_path, handler="app.handler").functions


def test_a_package_may_be_the_handlers_module(tmp_path):
    write(tmp_path, {"svc/__init__.py": HANDLER})

    assert find(tmp_path, handler="svc.handler").functions[0].module == "svc"


def test_compiled_handlers_are_taken(tmp_path):
    (tmp_path / "app.cpython-312-x86_64-linux-gnu.so").write_bytes(make_elf())

    assert find(tmp_path, handler="app.handler").functions


def test_requirements_nearest_to_the_code(tmp_path):
    write(
        tmp_path,
        {
            "template.json": template(
                A={"CodeUri": "a", "Handler": "app.handler"}, B={"CodeUri": "b", "Handler": "app.handler"}
            ),
            "a/app.py": HANDLER,
            "a/requirements.txt": "six\n",
            "b/app.py": HANDLER,
            "pylock.toml": "",
        },
    )

    first, second = (function.requirements for function in find(tmp_path).functions)

    assert first
    assert second
    assert (first.kind, first.path) == (RequirementsKind.REQUIREMENTS, tmp_path / "a/requirements.txt")
    assert (second.kind, second.path) == (RequirementsKind.PYLOCK, tmp_path / "pylock.toml")


def test_code_that_is_not_there(tmp_path):
    write(tmp_path, {"template.json": template(F={"CodeUri": "gone", "Handler": "app.handler"})})

    with pytest.raises(ConfigError, match="the code of F is not there"):
        find(tmp_path)


def test_requirements_that_are_not_there(tmp_path):
    write(
        tmp_path,
        {"app.py": HANDLER, "lambda-slim.toml": '[functions.F]\nhandler = "app.handler"\nrequirements = "no.txt"\n'},
    )

    with pytest.raises(ConfigError, match=r"lambda-slim.toml:1: `no.txt` is not there"):
        find_project(tmp_path, load(tmp_path))


def test_a_table_without_handler(tmp_path):
    with pytest.raises(ConfigError, match="function `F` has no handler"):
        find(tmp_path, functions=(FunctionSettings("F"),))


@pytest.mark.parametrize("name", ["../F", "a/b", "..", "a\\b"])
def test_a_name_that_would_lead_out_of_the_output_folder(tmp_path, name):
    write(tmp_path, {"app.py": HANDLER})

    with pytest.raises(ConfigError, match="cannot be the name of a zip"):
        find(tmp_path, functions=(FunctionSettings(name, handler="app.handler"),))


@pytest.mark.parametrize("target", ["nowhere", "x" * 300, "a\0b"])
def test_a_target_that_is_not_there(tmp_path, target):
    with pytest.raises(UsageError, match="is not there"):
        find_project(tmp_path / target, load(tmp_path / target))


@pytest.mark.parametrize("text", ["", "Resources: [", "[" * 1200, "\x00", "Resources: 3"])
def test_a_template_that_is_none(tmp_path, text):
    write(tmp_path, {"template.yaml": text})

    with pytest.raises(ConfigError, match=r"`template.yaml` cannot be read as a template"):
        find(tmp_path)


def test_a_folder_that_another_tool_built(tmp_path):
    write(tmp_path, {"app.py": HANDLER, "six-1.16.0.dist-info/METADATA": "Name: six\n", "requirements.txt": "six\n"})
    (tmp_path / "x.cpython-313-aarch64-linux-gnu.so").write_bytes(make_elf("aarch64"))

    project = find(tmp_path)

    (function,) = project.functions
    assert (function.artifact, function.target.label) == (tmp_path, "python3.13 arm64")
    assert "taken to be for python3.13 arm64" in project.warnings[0]


def test_names_that_a_module_binds(tmp_path):
    write(tmp_path, {"m.py": "import a.b, c as d\nfrom e import f as g\nh: int = 1\n[i, j] = 1, 2\nclass K: l = 1\n"})

    assert {"a", "d", "g", "h", "i", "j", "K"} <= (names_in(tmp_path / "m.py") or set())


def test_links_in_circles_do_not_stop_the_search(tmp_path):
    write(tmp_path, {"src/app.py": HANDLER})
    (tmp_path / "src" / "again").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")

    with pytest.raises(SlimError, match="there is no module"):
        find(tmp_path, handler="nope.handler")


def built(root, *more):
    """A folder as `sam build` leaves it: the code, its requirements.txt, and what that asks for."""
    files = {"app.py": HANDLER, "requirements.txt": "Six\ncolorama; sys_platform == 'win32'\n", "six.py": ""}
    return write(root, {**files, "six-1.16.0.dist-info/METADATA": "Name: six\n", **dict(more)})


def test_what_sam_has_built_is_not_installed_again(tmp_path):
    built(tmp_path / "F")
    write(tmp_path, {"template.json": template(F={"CodeUri": "F", "Handler": "app.handler"})})

    (function,) = find(tmp_path).functions

    assert (function.artifact, function.requirements) == (tmp_path / "F", None)


def test_distributions_beside_the_code_do_not_make_up_for_those_that_are_not_there(tmp_path):
    built(tmp_path / "F", ("requirements.txt", "six\nrequests>=2\n"))
    write(tmp_path, {"template.json": template(F={"CodeUri": "F", "Handler": "app.handler"})})

    (function,) = find(tmp_path).functions

    assert function.artifact is None
    assert function.requirements


def test_a_template_may_name_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as file:
        file.writestr("app.py", HANDLER)
    write(tmp_path, {"template.json": template(F={"CodeUri": "f.zip", "Handler": "app.handler"})})

    (function,) = find(tmp_path).functions

    assert function.artifact == tmp_path / "f.zip"
    assert (function.source / "app.py").is_file()


def test_one_package_may_hold_several_functions(tmp_path):
    """Serverless puts all functions of a service into one zip."""
    with zipfile.ZipFile(tmp_path / "svc.zip", "w") as file:
        file.writestr("functions/create.py", HANDLER)
        file.writestr("functions/remove.py", HANDLER)
    tables = (
        FunctionSettings("Create", handler="functions/create.handler", memory_mb=512),
        FunctionSettings("Remove", handler="functions.remove.handler", runtime="python3.13"),
    )

    found = find(tmp_path / "svc.zip", runtime=None, functions=tables[1:]).functions
    assert [(f.name, f.target.runtime.name) for f in found] == [("Remove", "python3.13")]

    found = find(tmp_path / "svc.zip", runtime="python3.12", functions=tables).functions
    assert [(f.name, f.handler, f.memory_mb) for f in found] == [
        ("Create", "functions/create.handler", 512),
        ("Remove", "functions.remove.handler", 128),
    ]
    with pytest.raises(UsageError, match=r"which handler is meant in `svc.zip`") as caught:
        find(tmp_path / "svc.zip", runtime="python3.12")
    assert "functions.create.handler (line 1)" in caught.value.cause
    assert "functions.remove.handler (line 1)" in caught.value.cause


def test_a_built_folder_without_metadata_says_its_target_all_the_same(tmp_path):
    """Serverless' slim leaves no *.dist-info."""
    write(tmp_path, {"app.py": HANDLER, "yaml/__init__.py": ""})
    (tmp_path / "yaml/_yaml.cpython-313-aarch64-linux-gnu.so").write_bytes(make_elf("aarch64"))

    (function,) = find(tmp_path).functions

    assert (function.artifact, function.target.label) == (tmp_path, "python3.13 arm64")


@pytest.mark.parametrize("place", ["service.py", "svc/orders.py"])
def test_the_only_function_that_looks_like_a_handler_is_taken(tmp_path, place):
    write(
        tmp_path,
        {place: HANDLER, "util.py": "def handler(x): ...\n", "tests/test_x.py": HANDLER, "bad.py": "handler ("},
    )

    assert find(tmp_path).functions[0].handler == place.removesuffix(".py").replace("/", ".") + ".handler"


def test_pipes_and_folders_with_names_of_modules_are_passed_over(tmp_path):
    write(tmp_path, {"svc.py": HANDLER, "folder.py/x.txt": ""})
    os.mkfifo(tmp_path / "app.py")
    os.mkfifo(tmp_path / "pipe.py")

    assert find(tmp_path).functions[0].handler == "svc.handler"


def test_handlers_in_installed_distributions_are_not_ours(tmp_path):
    built(
        tmp_path,
        ("lib/web.py", HANDLER),
        ("six-1.16.0.dist-info/RECORD", "six.py,,\nlib/web.py,,\n"),
        ("app.py", ""),
        ("svc.py", HANDLER),
    )

    assert find(tmp_path, runtime="python3.12").functions[0].handler == "svc.handler"


def test_a_module_is_no_project(tmp_path):
    write(tmp_path, {"svc.py": HANDLER})

    with pytest.raises(UsageError, match="is one module") as caught:
        find(tmp_path / "svc.py")

    assert "--handler svc.handler" in caught.value.hint


def test_what_is_not_asked_for_is_neither_warned_of_nor_an_error(tmp_path):
    text = template(
        A=PLAIN,
        Gone={"CodeUri": "gone", "Handler": "app.handler"},
        Picture={"PackageType": "Image"},
    )
    write(tmp_path, {"template.json": text, "app.py": HANDLER})

    project = find(tmp_path, select=("A",))

    assert [f.name for f in project.functions] == ["A"]
    assert project.warnings == ()
    with pytest.raises(UsageError) as caught:
        find(tmp_path, select=("Picture",))
    assert "it is a container image" in caught.value.cause


def test_a_function_of_a_runtime_that_is_unknown_does_not_stop_the_others(tmp_path):
    text = template(Old={**PLAIN, "Runtime": "python3.8"}, New=PLAIN)
    write(tmp_path, {"template.json": text, "app.py": HANDLER})

    project = find(tmp_path)

    assert [f.name for f in project.functions] == ["New"]
    assert "Old is left out: `python3.8` is a retired runtime" in project.warnings[0]
    with pytest.raises(ConfigError, match=r"python3\.7"):
        find(tmp_path, runtime="python3.7")


def test_an_architecture_that_is_unknown_or_none_is_never_guessed(tmp_path):
    write(
        tmp_path, {"template.json": template(F={**PLAIN, "Architectures": [{"Ref": "X"}]}, A=PLAIN), "app.py": HANDLER}
    )

    project = find(tmp_path)
    assert [f.name for f in project.functions] == ["A"]
    assert "F is left out: its architecture is missing, or only known at deployment" in project.warnings[0]
    assert len(find(tmp_path, architecture="arm64").functions) == 2

    write(tmp_path, {"template.json": template(F={**PLAIN, "Architectures": ["arm"]})})
    with pytest.raises(ConfigError, match="`arm` is not an architecture"):
        find(tmp_path)

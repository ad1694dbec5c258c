"""What a folder that a tool has filled holds: packages, their functions, and what is left alone."""

import hashlib
import json
import shutil
from dataclasses import replace

import pytest

from lambda_slim.base.errors import ConfigError, UsageError
from lambda_slim.inputs.builds.adopt import adopted, is_slim
from lambda_slim.inputs.builds.find import find_output
from lambda_slim.inputs.builds.gathering import gathered
from lambda_slim.inputs.builds.plain import outputs_below
from lambda_slim.inputs.builds.records import Digests
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.model.settings import FunctionSettings, Settings
from tests.cli.builds import cdk_out, function, lay, pack, sam_build, sam_layered, serverless_layered, serverless_out


def packages(output, folder):
    """(place, names of functions, why it is left alone) of each package."""
    return [
        (row.place.relative_to(folder.resolve()).as_posix(), [one.name for one in row.functions], row.why)
        for row in output.packages
    ]


def changed(path, change):
    """Writes a JSON document again after a change."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_a_sam_build(tmp_path):
    build = sam_build(tmp_path, {"A": ("Code", "app.handler"), "B": ("Code", "other.handler"), "C": ("C", "app.f")})

    output = find_output(build, Settings(root=tmp_path))

    assert (output.kind, output.folder, output.others, output.layers) == ("SAM build", build, (), ())
    assert packages(output, build) == [("Code", ["A", "B"], ""), ("C", ["C"], "")]
    assert [row.handler for row in output.packages[0].functions] == ["app.handler", "other.handler"]
    assert output.places == (build / "Code", build / "C")
    assert output.edits({}).texts == {}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"Runtime": "nodejs22.x"}, "B has the same code, and is no Python function"),
        ({"Architectures": ["arm64"]}, "A, B share it and have different runtimes or architectures"),
        ({"CodeUri": "Code/tiny"}, "`Code/tiny` is the code of another function, and in one with it"),
    ],
)
def test_a_package_that_may_not_change(tmp_path, change, why):
    build = sam_build(tmp_path, {"A": ("Code", "app.handler"), "B": ("Code", "app.handler")})
    changed(build / "template.yaml", lambda document: document["Resources"]["B"]["Properties"].update(change))

    assert find_output(build, Settings(root=tmp_path)).packages[0].why == why


def test_code_outside_the_build(tmp_path):
    lay(tmp_path / "elsewhere")
    build = sam_build(tmp_path, {"A": ("../../elsewhere", "app.handler"), "B": (".", "app.handler")})

    whys = [row.why for row in find_output(build, Settings(root=tmp_path)).packages]

    assert whys == ["its code lies outside, in ../../elsewhere", "its code is the whole folder"]


def test_a_template_beside_source_code_is_refused(tmp_path):
    project = sam_build(tmp_path, {"A": ("Code", "app.handler")}).rename(tmp_path / "project")
    changed(project / "template.yaml", lambda document: document["Resources"]["A"].pop("Metadata"))

    with pytest.raises(UsageError, match="is a project, not what a tool has built of it"):
        find_output(project, Settings(root=tmp_path))

    build = project.rename(tmp_path / ".aws-sam" / "build")
    assert packages(find_output(build, Settings(root=tmp_path)), build) == [("Code", ["A"], "")]


def test_a_template_whose_code_is_zips_is_a_build(tmp_path):
    pack(tmp_path / "out" / "code.zip")
    row = {"Type": "AWS::Serverless::Function", "Properties": function(CodeUri="code.zip")}
    (tmp_path / "out" / "sam.json").write_text(json.dumps({"Resources": {"A": row}}))

    output = find_output(tmp_path / "out", Settings(root=tmp_path))

    assert (output.kind, packages(output, tmp_path / "out")) == ("Chalice package", [("code.zip", ["A"], "")])


def shared(**change):
    """Why a layer of a SAM build is left to others, after a change of the template's document."""
    return lambda document: document.update(change) if "Outputs" in change else document["Resources"].update(change)


NODE = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "nodejs22.x", "Layers": [{"Ref": "Shared"}]}}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (shared(), ""),
        (shared(Outputs={"Arn": {"Value": {"Ref": "Shared"}}}), "Outputs Arn refers to it"),
        (shared(Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Shared", "Arn"]}}}), "Outputs Arn refers to it"),
        (shared(Outputs={"Arn": {"Value": {"Fn::GetAtt": "Shared.Arn"}}}), "Outputs Arn refers to it"),
        (shared(Outputs={"Arn": {"Value": {"Fn::Sub": "x-${Shared}"}}}), "Outputs Arn refers to it"),
        (shared(Outputs={"Arn": {"Value": {"Fn::Sub": "x-${SharedOther}"}}}), ""),
        (shared(Other={"Type": "AWS::SNS::Topic", "DependsOn": ["Shared"]}), "Other refers to it"),
        (shared(Node=NODE), "Node refers to it"),
    ],
)
def test_who_else_may_use_a_layer(tmp_path, change, why):
    build = sam_layered(tmp_path)
    changed(build / "template.yaml", change)

    (layer,) = find_output(build, Settings(root=tmp_path)).layers

    assert (layer.name, layer.place, layer.why) == ("Shared", build / "Shared", "")
    assert (why in layer.shared) if why else layer.shared == ""


def test_a_layer_whose_versions_are_kept(tmp_path):
    (layer,) = find_output(sam_layered(tmp_path, RetentionPolicy="Retain"), Settings(root=tmp_path)).layers

    assert layer.shared == "its versions are kept for others (RetentionPolicy: Retain)"


def test_a_layer_that_all_functions_have(tmp_path):
    build = sam_layered(tmp_path)

    def globally(document):
        document["Globals"] = {"Function": {"Layers": [{"Ref": "Shared"}]}}
        for name in "AB":
            del document["Resources"][name]["Properties"]["Layers"]

    changed(build / "template.yaml", globally)
    assert find_output(build, Settings(root=tmp_path)).layers[0].shared == ""

    changed(build / "template.yaml", lambda document: document["Resources"].update(Node=NODE | {"Properties": {}}))
    changed(build / "template.yaml", lambda document: document["Resources"]["Node"]["Properties"].update(Runtime="go"))
    assert find_output(build, Settings(root=tmp_path)).layers[0].shared.startswith("Node has it too")


def test_a_layer_that_no_function_has_and_one_within_code(tmp_path):
    build = sam_layered(tmp_path)

    def without(document):
        for name in "AB":
            del document["Resources"][name]["Properties"]["Layers"]
        document["Resources"]["Shared"]["Properties"]["ContentUri"] = "A"

    changed(build / "template.yaml", without)
    (layer,) = find_output(build, Settings(root=tmp_path)).layers

    assert layer.shared == "no function of this build has it"
    assert layer.why == "it lies in the code of a function, or has it in itself"


def test_templates_within_templates_are_read_once(tmp_path):
    build = sam_layered(tmp_path)
    nested = {"Resources": {"Inner": {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": "../Shared"}}}}
    nested["Resources"]["Again"] = {"Type": "AWS::Serverless::Application", "Properties": {"Location": "child.yaml"}}
    (build / "sub").mkdir()
    (build / "sub" / "child.yaml").write_text(json.dumps(nested))
    child = {"Type": "AWS::Serverless::Application", "Properties": {"Location": "sub/child.yaml"}}
    changed(build / "template.yaml", lambda document: document["Resources"].update(Child=child))

    assert [row.name for row in find_output(build, Settings(root=tmp_path)).layers] == ["Shared", "Inner"]


def test_a_cloud_assembly(tmp_path):
    out = cdk_out(tmp_path, {"A": "app.handler", "B": "other.handler"})
    key = hashlib.sha256(b"asset").hexdigest()

    output = find_output(out, Settings(root=tmp_path))

    assert output.kind == "CDK assembly"
    assert packages(output, out) == [(f"asset.{key}", ["A", "B"], "")]


def test_an_assembly_follows_the_new_hash_of_its_code(tmp_path):
    out = cdk_out(tmp_path, {"A": "app.handler"})
    key = hashlib.sha256(b"asset").hexdigest()
    output = find_output(out, Settings(root=tmp_path))
    place = output.packages[0].place
    edits = output.edits({place: Digests("ab" * 32)})

    renamed = edits.places[place]
    fresh = renamed.name.removeprefix("asset.")
    template = edits.texts[out / "Demo.template.json"]
    assert (renamed.parent, len(fresh)) == (place.parent, 64)
    assert fresh != key
    assert key.encode() not in b"".join(edits.texts.values())
    mark = hashlib.sha256(template).hexdigest()  # the manifests name the template by its new content
    assert mark.encode() in edits.texts[out / "Demo.assets.json"]
    assert mark.encode() in edits.texts[out / "manifest.json"]
    assert list(edits.texts)[-1] == out / "manifest.json"  # what names the others is written last
    versions = [name for name in json.loads(template)["Resources"] if name.startswith("ACurrentVersion")]
    assert versions != [f"ACurrentVersion{hashlib.md5(b'x').hexdigest()}"]
    assert json.loads(template)["Outputs"]["Alias"]["Value"] == {"Ref": versions[0]}
    assert output.edits({}).texts == {}


def test_an_asset_that_something_else_uses(tmp_path):
    bucket = {"Type": "Custom::CDKBucketDeployment", "Properties": {"SourceObjectKeys": ["KEY.zip"]}}
    out = cdk_out(tmp_path, {"A": "app.handler"}, {"Site": bucket})

    assert find_output(out, Settings(root=tmp_path)).packages[0].why == (
        "Site has the same code, and is no Python function"
    )


def test_an_asset_without_a_hash_in_its_name(tmp_path):
    out = cdk_out(tmp_path, {"A": "app.handler"})
    key = f"asset.{hashlib.sha256(b'asset').hexdigest()}"
    (out / key).rename(out / "code")
    for name in ("Demo.template.json", "Demo.assets.json"):
        (out / name).write_text((out / name).read_text().replace(key, "code"))

    assert "no hash" in find_output(out, Settings(root=tmp_path)).packages[0].why


def test_the_layers_of_an_assembly(tmp_path):
    key = hashlib.sha256(b"layer").hexdigest()
    layer = {
        "Type": "AWS::Lambda::LayerVersion",
        "Properties": {"Content": {"S3Key": f"{key}.zip"}},
        "Metadata": {"aws:asset:path": f"asset.{key}"},
    }
    out = cdk_out(tmp_path, {"A": "app.handler"}, {"L": layer})
    (out / f"asset.{key}" / "python").mkdir(parents=True)
    changed(
        out / "Demo.template.json",
        lambda document: document["Resources"]["A"]["Properties"].update(Layers=[{"Ref": "L"}]),
    )

    (only,) = find_output(out, Settings(root=tmp_path)).layers
    assert (only.name, only.why, only.shared) == ("L", "", "")

    shutil.copy(out / "Demo.template.json", out / "Second.template.json")
    (both,) = find_output(out, Settings(root=tmp_path)).layers
    assert (both.name, both.shared) == ("L, L", "several layers are made of it")


def test_an_assembly_that_lacks_a_template(tmp_path):
    out = cdk_out(tmp_path, {"A": "app.handler"})
    changed(
        out / "manifest.json",
        lambda document: document["artifacts"].update(
            More={"type": "aws:cloudformation:stack", "properties": {"templateFile": "More.template.json"}}
        ),
    )

    with pytest.raises(ConfigError, match=r"`More.template.json` is not there"):
        find_output(out, Settings(root=tmp_path))


def test_a_serverless_package(tmp_path):
    out = serverless_out(tmp_path, {"hello": "app.handler", "by": "other.handler"})

    output = find_output(out, Settings(root=tmp_path))

    assert (output.kind, packages(output, out)) == ("Serverless package", [("demo.zip", ["hello", "by"], "")])
    assert {(row.memory_mb, row.timeout_s, row.architecture) for row in output.packages[0].functions} == {
        (1024, 6, "x86_64")
    }


@pytest.mark.parametrize(
    ("change", "other"),
    [
        ({"Runtime": "nodejs22.x"}, ("hello", "its runtime is nodejs22.x")),
        ({"Runtime": None}, ("hello", "it is a container image")),
        ({"Code": {"ZipFile": "x = 1"}}, ("hello", "its code is not in this folder")),
    ],
)
def test_functions_of_a_serverless_package_that_are_left_alone(tmp_path, change, other):
    out = serverless_out(tmp_path, {"hello": "app.handler"})

    def change_it(document):
        template = document["service"]["provider"]["compiledCloudFormationTemplate"]
        template["Resources"]["HelloLambdaFunction"]["Properties"].update(change)

    changed(out / "serverless-state.json", change_it)
    output = find_output(out, Settings(root=tmp_path))

    assert (output.packages, output.others) == ((), (other,))


def test_a_serverless_package_without_its_zip(tmp_path):
    out = serverless_out(tmp_path, {"hello": "app.handler"})
    (out / "demo.zip").unlink()

    (row,) = find_output(out, Settings(root=tmp_path)).packages[0].functions

    assert row.problem == "the code of hello is not there: no `demo.zip` in .serverless"


def test_a_serverless_package_follows_the_new_digest_of_its_code(tmp_path):
    out = serverless_out(tmp_path, {"hello": "app.handler"})
    before = hashlib.sha256((out / "demo.zip").read_bytes()).hexdigest()
    output = find_output(out, Settings(root=tmp_path))

    edits = output.edits({output.packages[0].place: Digests("ab" * 32, before)})

    assert set(edits.texts) == {out / "serverless-state.json", out / "cloudformation-template-update-stack.json"}
    for data in edits.texts.values():
        assert b"HelloLambdaVersionAbc09" not in data
        assert b"q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=" in data  # SHA-256 in base64
    assert output.edits({}).texts == {}


def test_the_layer_of_a_serverless_package(tmp_path):
    out = serverless_layered(tmp_path)

    output = find_output(out, Settings(root=tmp_path))

    (layer,) = output.layers
    assert (layer.name, layer.place) == ("SharedLambdaLayer", out / "shared.zip")
    assert (
        layer.shared
        == "Outputs SharedLambdaLayerQualifiedArn refers to it, so something that is not in this build may use it"
    )
    assert [row.content for row in output.packages[0].functions[0].layers] == [out / "shared.zip"]


@pytest.mark.parametrize("text", ["[1, 2", '{"service": {"functions": 1}, "x": NaN}'])
def test_a_manifest_that_cannot_be_read(tmp_path, text):
    (tmp_path / "serverless-state.json").write_text(text)

    with pytest.raises(ConfigError, match="cannot be read"):
        find_output(tmp_path, Settings(root=tmp_path))


def test_a_package_by_itself(tmp_path):
    pack(tmp_path / "jobs.zip")

    output = find_output(tmp_path / "jobs.zip", Settings(root=tmp_path, runtime="python3.12"), "app.handler")

    assert (output.kind, packages(output, tmp_path)) == ("zip", [("jobs.zip", ["jobs"], "")])


def test_a_folder_of_packages(tmp_path):
    pack(tmp_path / "a.zip")
    lay(tmp_path / "b")
    (tmp_path / "c.zip").write_text("no zip")
    (tmp_path / "notes.txt").write_text("")
    own = FunctionSettings("a", handler="other.handler")

    output = find_output(tmp_path, Settings(root=tmp_path, functions=(own,), runtime="python3.12"), "app.handler")

    assert [row.place.name for row in output.packages] == ["a.zip", "b"]
    assert [name for name, _ in output.others] == ["c.zip"]


def test_what_is_no_build(tmp_path):
    with pytest.raises(UsageError, match="is not there"):
        find_output(tmp_path / "absent", Settings(root=tmp_path))
    with pytest.raises(UsageError, match="not a folder that a deployment tool has built") as empty:
        find_output(tmp_path, Settings(root=tmp_path))
    assert "no template of a build" in empty.value.cause

    (tmp_path / "pyproject.toml").write_text("")
    cdk_out(tmp_path, {"A": "app.handler"})
    with pytest.raises(UsageError) as source:
        find_output(tmp_path, Settings(root=tmp_path))
    assert (source.value.cause[:26], source.value.hint) == ("it looks like a project; `", f"name {tmp_path}/cdk.out")
    assert list(outputs_below(tmp_path)) == [tmp_path / "cdk.out"]


def test_functions_are_made_of_what_lies_there(tmp_path):
    build = sam_build(tmp_path, {"A": ("Code", "app.handler")})
    (package,) = find_output(build, Settings(root=tmp_path)).packages

    (made,) = adopted(package, build / "Code", Settings(root=tmp_path))
    assert (made.name, made.handler, made.artifact) == ("A", "app.handler", build / "Code")

    nameless = replace(package, functions=(replace(package.functions[0], handler=None),))
    with pytest.raises(ConfigError, match="A: its Handler is missing"):
        adopted(nameless, build / "Code", Settings(root=tmp_path))


def test_what_is_slim_already(tmp_path):
    lay(tmp_path / "code")
    pack(tmp_path / "code.zip")
    assert [is_slim(tmp_path / name) for name in ("code", "code.zip", "absent.zip")] == [False, False, False]

    (tmp_path / "code" / "_lambda_slim_guard.py").write_text("")
    assert is_slim(tmp_path / "code")


def test_code_that_is_written_in_the_template(tmp_path):
    rows = [Declared("A", "t", problem="unclear"), Declared("B", "t"), Declared("C", "t", skipped="another language")]

    made, others = gathered(rows, tmp_path, {})

    assert [(row.functions[0].name, row.why) for row in made] == [("A", "")]
    assert others == (("B", "its code is in the template"), ("C", "another language"))


def test_one_package_of_a_build_is_what_the_manifest_says_of_it_also_through_a_link(tmp_path):
    build = sam_build(
        tmp_path, {"A": ("One", "app.handler"), "B": ("One", "other.handler"), "C": ("Two", "app.handler")}
    )
    settings = Settings(root=tmp_path)

    output = find_output(build / "One", settings)
    assert (output.folder, output.asked, len(output.packages)) == (build.resolve(), ("A", "B"), 2)
    assert find_output(build, settings).asked == ()
    (tmp_path / "link").symlink_to(build)
    assert find_output(tmp_path / "link", settings).folder == build.resolve()
    assert find_output(build / "One" / "..", settings).folder == build.resolve()


def test_code_in_the_template_and_code_that_only_the_deployment_knows(tmp_path):
    build = sam_build(tmp_path, {"A": ("A", "app.handler"), "B": ("A", "app.handler"), "C": ("A", "app.handler")})

    def change(document):
        resources = document["Resources"]
        resources["B"]["Properties"] |= {
            "InlineCode": "def handler(event, context): return 1",
            "Handler": "index.handler",
        }
        del resources["B"]["Properties"]["CodeUri"]
        resources["C"]["Properties"]["CodeUri"] = {"Ref": "Where"}

    changed(build / "template.yaml", change)
    output = find_output(build, Settings(root=tmp_path))

    assert output.others == (("B", "its code is in the template"),)
    assert output.packages[1].functions[0].problem == "the code of C is only known at deployment"

"""Builds of other tools in small: what sam, cdk and serverless write, with packages that need no index."""

import base64
import hashlib
import json
import sys
import zipfile

PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
APP = "import shared\n\n\ndef handler(event, context):\n    return shared.answer(event)\n"
FILES = {
    "app.py": APP,
    "other.py": "import extra\n\n\ndef handler(event, context):\n    return extra.answer(event)\n",
    "shared.py": "def answer(event):\n    return {'app': event}\n",
    "extra.py": "def answer(event):\n    return {'other': event}\n",
    "unused.py": "USED = False\n",
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/RECORD": "tiny/__init__.py,,\ntiny/_stub.pyi,,\ntiny-1.0.dist-info/METADATA,,\n",
    "tiny/__init__.py": "NAME = 'tiny'\n",
    "tiny/_stub.pyi": "NAME: str\n",
}


def lay(folder, **changed):
    """Writes a package as a folder; keyword arguments replace modules."""
    for name, text in FILES.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(changed.get(place.stem, text))
    return folder


def pack(path):
    """Writes a package as a zip, and gives back its digest as Lambda has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return _digest(path)


def _digest(path):
    return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def function(handler="app.handler", **properties):
    return {"Runtime": PYTHON, "Handler": handler, **properties}


def sam_build(folder, functions):
    """`.aws-sam/build`: logical ids to (CodeUri, handler); folders are laid."""
    build = folder / ".aws-sam" / "build"
    resources = {}
    for name, (code, handler) in functions.items():
        if not (build / code).exists():
            lay(build / code)
        properties = function(handler, CodeUri=code)
        resources[name] = {
            "Type": "AWS::Serverless::Function",
            "Properties": properties,
            "Metadata": {"SamResourceId": name},
        }
    (build / "template.yaml").write_text(json.dumps({"Resources": resources}))
    return build


def cdk_out(folder, functions, others=()):
    """`cdk.out` of one stack: logical ids to handlers of functions that share one asset; `others` are resources."""
    out = folder / "cdk.out"
    key = hashlib.sha256(b"asset").hexdigest()
    lay(out / f"asset.{key}")
    code = {"S3Bucket": {"Fn::Sub": "assets-${AWS::Region}"}, "S3Key": f"{key}.zip"}
    resources = {
        name: {
            "Type": "AWS::Lambda::Function",
            "Properties": function(handler, Code=code),
            "Metadata": {"aws:asset:path": f"asset.{key}"},
        }
        for name, handler in functions.items()
    }
    first = next(iter(functions))
    version = f"{first}CurrentVersion{hashlib.md5(b'x').hexdigest()}"
    resources[version] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": first}}}
    resources |= {name: json.loads(json.dumps(row).replace("KEY", key)) for name, row in dict(others).items()}
    outputs = {"Alias": {"Value": {"Ref": version}}}
    template = json.dumps({"Resources": resources, "Outputs": outputs}, indent=1)
    (out / "Demo.template.json").write_text(template)
    mark = hashlib.sha256(template.encode()).hexdigest()
    files = {
        key: {
            "source": {"path": f"asset.{key}", "packaging": "zip"},
            "destinations": {"x": {"objectKey": f"{key}.zip"}},
        },
        mark: {
            "source": {"path": "Demo.template.json", "packaging": "file"},
            "destinations": {"x": {"objectKey": f"{mark}.json"}},
        },
    }
    (out / "Demo.assets.json").write_text(json.dumps({"version": "55.0.0", "files": files}))
    stack = {"templateFile": "Demo.template.json", "stackTemplateAssetObjectUrl": f"s3://assets/{mark}.json"}
    artifacts = {"Demo": {"type": "aws:cloudformation:stack", "properties": stack}}
    (out / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
    (out / "cdk.out").write_text('{"version":"55.0.0"}')
    return out


def serverless_out(folder, functions, others=()):
    """`.serverless` with one zip for all: names to handlers; `others` are resources."""
    out = folder / ".serverless"
    digest = pack(out / "demo.zip")
    resources = {}
    for name, handler in functions.items():
        key = f"{name.capitalize()}LambdaFunction"
        code = {"S3Bucket": "b", "S3Key": "serverless/demo/dev/179-2026/demo.zip"}
        resources[key] = {"Type": "AWS::Lambda::Function", "Properties": function(handler, Code=code)}
        version = f"{name.capitalize()}LambdaVersionAbc09"
        resources[version] = {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": key}, "CodeSha256": digest},
        }
    resources |= dict(others)
    template = {"Resources": resources}
    rows = {
        name: {"handler": handler, "versionLogicalId": f"{name.capitalize()}LambdaVersionAbc09"}
        for name, handler in functions.items()
    }
    service = {"service": "demo", "provider": {"compiledCloudFormationTemplate": template}, "functions": rows}
    (out / "serverless-state.json").write_text(json.dumps({"service": service}, indent=2))
    (out / "cloudformation-template-update-stack.json").write_text(json.dumps(template, indent=2))
    return out


def state(folder):
    """Every file below a folder with its content, without former states."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".lambda-slim-before" not in path.parts
    }


LAYER = {
    "python/common.py": "import tiny\n\n\ndef answer(event):\n    return [tiny.NAME, event]\n",
    "python/more.py": "def answer(event):\n    return ['more', event]\n",
    "python/never.py": "USED = False\n",
    "python/tiny/__init__.py": "NAME = 'tiny'\n",
    "python/tiny/never.py": "USED = False\n",
    "python/tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "python/tiny-1.0.dist-info/RECORD": "tiny/__init__.py,,\ntiny/never.py,,\ntiny-1.0.dist-info/METADATA,,\n",
    "bin/tool": "#!/bin/sh\n",
}
_USES = "import {0}\n\n\ndef handler(event, context):\n    return {0}.answer(event)\n"


def sam_layered(folder, **layer):
    """`.aws-sam/build` of two functions that share one layer; keyword arguments are properties of the layer."""
    build = folder / ".aws-sam" / "build"
    for name, module in (("A", "common"), ("B", "more")):
        (build / name).mkdir(parents=True)
        (build / name / "app.py").write_text(_USES.format(module))
    for name, text in LAYER.items():
        place = build / "Shared" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    resources = {
        name: {
            "Type": "AWS::Serverless::Function",
            "Properties": function(CodeUri=name, Layers=[{"Ref": "Shared"}]),
            "Metadata": {"SamResourceId": name},
        }
        for name in "AB"
    }
    metadata = {"SamResourceId": "Shared", "BuildMethod": PYTHON}
    properties = {"ContentUri": "Shared", **layer}
    resources["Shared"] = {"Type": "AWS::Serverless::LayerVersion", "Properties": properties, "Metadata": metadata}
    (build / "template.yaml").write_text(json.dumps({"Resources": resources}))
    return build


def serverless_layered(folder):
    """`.serverless` of a function with a layer of its service, which Serverless exports as it does."""
    out = serverless_out(folder, {"hello": "app.handler"})
    former = _digest(out / "demo.zip")
    with zipfile.ZipFile(out / "demo.zip", "w") as archive:
        archive.writestr("app.py", _USES.format("common"))
    now = _digest(out / "demo.zip")
    with zipfile.ZipFile(out / "shared.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in LAYER.items():
            archive.writestr(name, text)
    for name in ("serverless-state.json", "cloudformation-template-update-stack.json"):
        document = json.loads((out / name).read_text())
        template = document.get("service", {}).get("provider", {}).get("compiledCloudFormationTemplate", document)
        content = {"S3Bucket": "b", "S3Key": "serverless/demo/dev/179-2026/shared.zip"}
        layer = {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": content}}
        template["Resources"]["SharedLambdaLayer"] = layer
        template["Resources"]["HelloLambdaFunction"]["Properties"]["Layers"] = [{"Ref": "SharedLambdaLayer"}]
        export = {"Value": {"Ref": "SharedLambdaLayer"}, "Export": {"Name": "sls-demo-dev-SharedLambdaLayer"}}
        template["Outputs"] = {"SharedLambdaLayerQualifiedArn": export}
        (out / name).write_text(json.dumps(document).replace(former, now))
    return out

"""The code of a Python function, slimmed while the app is synthesized."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import jsii
from aws_cdk import BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import Code


@jsii.implements(ILocalBundling)
class _Slim:
    def __init__(self, source, handler, python):
        self.command = ["lambda-slim", "build", source, "--handler", handler, "--python", python, "--quiet"]

    def try_bundle(self, output_dir, *_args, **_options):
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([*self.command, "--format", "folder", "-o", out], check=True, stdout=subprocess.DEVNULL)
            package = next(path for path in Path(out).iterdir() if path.is_dir())
            shutil.copytree(package, output_dir, dirs_exist_ok=True)
        return True


def slim(source=".", handler="app.handler", python="3.12"):
    """An asset for `Function(code=...)`."""
    image = DockerImage.from_registry("scratch")  # never used: bundling happens here
    return Code.from_asset(source, bundling=BundlingOptions(image=image, local=_Slim(source, handler, python)))

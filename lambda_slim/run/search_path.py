"""Where Python looks for modules on Lambda, with the places that stand for /var/task and /opt on this machine."""

import re
from pathlib import Path

from lambda_slim.model.function import Function


def on_this_machine(value: str, package: Path, opt: Path | None) -> str:
    """A variable with paths of Lambda, with the folders here that stand for /var/task and /opt."""
    value = re.sub(r"(?<![^:])/var/task(?=/|:|$)", lambda _: str(package), value)
    return re.sub(r"(?<![^:])/opt(?=/|:|$)", lambda _: str(opt), value) if opt else value


def layer_path(function: Function) -> list[str]:
    """The folders of layers that the runtime puts on `sys.path`, behind the package.

    A function that sets PYTHONPATH gets none of them but those that it names.
    Source: the runtime's bootstrap; docs.aws.amazon.com/lambda/latest/dg/python-layers.html shows its result.
    """
    if function.opt is None or "PYTHONPATH" in function.environment:
        return []
    python = function.opt / "python"
    return [str(python / "lib" / function.target.runtime.name / "site-packages"), str(python)]

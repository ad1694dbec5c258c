"""Functions of a Pulumi program that are images which it builds: `Image` of awsx.ecr, docker and docker_build."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import UNKNOWN, as_table, sure_text
from lambda_slim.inputs.functions.declared_images import image_function
from lambda_slim.inputs.functions.program import ProgramFile, options_of, place_of
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.model.program import Dotted, ProgramCall, ProgramMember

_CHANGES = ("args", "target", "build_args", "dockerfile_inline")  # a Dockerfile does not say these by itself
_HINT = "name the function in [functions] of lambda-slim.toml, with handler and source, or say --handler"


def image_row(row: Declared, call: ProgramCall, source: ProgramFile) -> Declared:
    """A function with what the Dockerfile of its image says; as it is where the image comes from elsewhere.

    Args:
        row: What else the program says of it; left out as a container image.
        call: The call that makes it.
        source: The file of the program, with what its names are.
    """
    image = _image(call.named.get("image_uri"), source)
    if image is None:
        return row
    settings = {**dict(image.named), **as_table(options_of(image.named.get("build")))}
    folder = _place(settings.get("context"), source)
    command = _command(call.named.get("image_config"))
    changed = [name for name in _CHANGES if settings.get(name) is not None]
    if folder is None or command is None or changed:
        what = f"with `{changed[0]}`" if changed else "from what only a run of the program knows"
        return replace(row, skipped="", problem=f"{row.name}: its image is built {what}", hint=_HINT)
    file = _place(settings["dockerfile"], source) if settings.get("dockerfile") is not None else folder / "Dockerfile"
    return image_function(row, file or folder / UNKNOWN, folder, command)


def _image(value: Any, source: ProgramFile) -> ProgramCall | None:
    """The call that builds the image which `image.image_uri`, `image.ref` and the like are of."""
    if isinstance(value, ProgramMember):
        made = value.of
    else:
        owner = value.text.rpartition(".")[0] if isinstance(value, Dotted) else ""
        made = source.program.known(Dotted(owner)) if owner else None
    return made if isinstance(made, ProgramCall) and made.name == "Image" else None


def _place(value: Any, source: ProgramFile) -> Path | None:
    """A folder or file that is a text, or `location` of a table."""
    inner = options_of(value)
    return place_of(inner.get("location") if isinstance(inner, dict) and "location" in inner else value, source)


def _command(config: Any) -> str | None:
    """The handler that the function says in place of CMD; "" for none, None where it is not known."""
    if config is None:
        return ""
    table = options_of(config)
    if not isinstance(table, dict) or table.keys() & {"entry_points", "entryPoints", "working_directory"}:
        return None
    words = table.get("commands")
    if words is None:
        return ""
    text = sure_text(words[0]) if isinstance(words, list) and len(words) == 1 else UNKNOWN
    return None if UNKNOWN in text else text

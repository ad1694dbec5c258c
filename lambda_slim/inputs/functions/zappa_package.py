"""What `zappa package` adds to a project: Zappa's handler, and the settings that it reads when it starts.

Source: github.com/zappa/Zappa, `zappa/cli.py` (get_zappa_settings_string) and `zappa/core.py` (create_lambda_zip).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.tables import as_table, texts_among
from lambda_slim.inputs.functions.globs import glob_regex
from lambda_slim.inputs.functions.records import Declared, QuestionError, texts
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.model.layout import Placement

# As `shutil.ignore_patterns` takes them: names of files and folders, wherever they lie.
_LEFT_OUT = ("*.exe", "*.DS_Store", "*.Python", "*.git", "*.zip", "*.tar.gz", "*.hg", "pip", "docutils*", "setuputils*")
_LEFT_OUT_TOO = ("concurrent", "venv", ".venv", "env")
_HANDLER = "from zappa.handler import *\n"
_LISTS = ("requirements.txt", "pyproject.toml", "Pipfile", "poetry.lock", "uv.lock")
_ZAPPA = re.compile(r"^[\s\"'\[]*zappa\b(?![-.\w])", re.IGNORECASE | re.MULTILINE)
_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def left_out(stage: Mapping[str, Any]) -> tuple[tuple[bool, str], ...]:
    """Rules (see `Placement`) of the project's files that a stage leaves out."""
    names = (*_LEFT_OUT, *_LEFT_OUT_TOO, *_texts(stage.get("exclude")))
    rules = [(False, rf"(?:.*/)?{glob_regex(name)}(?:/.*)?") for name in names]
    rules += [(False, rf"{glob_regex(glob.strip('/'))}/.*") for glob in _texts(stage.get("exclude_glob"))]
    return tuple(rules)


def _texts(value: Any) -> list[str]:
    return texts_among(value) if isinstance(value, list) else []


def started_by_zappa(said: Declared, path: Path, name: str, stage: Mapping[str, Any]) -> Declared:
    """A function that Zappa's handler starts, with the two files that Zappa writes for it.

    Args:
        said: What the stage says of it.
        path: The settings file.
        name: The stage.
        stage: All that holds for it.

    Raises:
        QuestionError: the stage says no app, or something that is not a literal of its settings.
    """
    starts = tuple(_starts(path, name, stage))
    text = "".join(f"{key} = {value!r}\n" for key, value in _settings(path, name, stage).items())
    files = staged({"handler.py": _HANDLER, "zappa_settings.py": f"# As Zappa generates it\n{text}"})
    return replace(
        said,
        handler="handler.lambda_handler",
        parts=(*said.parts, Placement(files)),
        starts=starts,
        requires=() if _names_zappa(path.parent) else ("zappa",),
        environment=texts(stage.get("aws_environment_variables")),  # the others are set by Zappa's handler
        note=_note(stage),
    )


def _note(stage: Mapping[str, Any]) -> str:
    slim = "slim_handler: the package has the whole app, which Zappa would upload beside it"
    return slim if stage.get("slim_handler") else ""


def _starts(path: Path, name: str, stage: Mapping[str, Any]) -> Iterator[str]:
    """The modules that Zappa's handler imports by the names of its settings."""
    app, django = stage.get("app_function"), stage.get("django_settings")
    if not (isinstance(app, str) and _DOTTED.fullmatch(app)) and not isinstance(django, str):
        raise QuestionError(
            f"`{path.name}`: stage {name} names no app",
            "it has neither `app_function` (`module.app`) nor `django_settings`",
            f"say one of them, or run `zappa package {name} -o zappa.zip`, then `lambda-slim build zappa.zip`",
        )
    if isinstance(app, str):
        yield app.rpartition(".")[0]
    if isinstance(django, str):
        yield django
        yield "zappa.ext.django_zappa"
    called = [stage.get("exception_handler"), as_table(stage.get("authorizer")).get("function")]
    called += [event.get("function") for event in _tables(stage.get("events"))]
    yield from (text.rpartition(".")[0] for text in called if isinstance(text, str) and "." in text)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _settings(path: Path, name: str, stage: Mapping[str, Any]) -> dict[str, Any]:
    """What the generated `zappa_settings.py` sets."""
    app = stage.get("app_function")
    settings = dict(zip(("APP_MODULE", "APP_FUNCTION"), app.rsplit(".", 1), strict=True)) if app else {}
    remote = {"REMOTE_ENV": stage["remote_env"]} if stage.get("remote_env") else {}
    authorizer = as_table(stage.get("authorizer")).get("function")
    region = {"AWS_REGION": str(stage["aws_region"])} if stage.get("aws_region") else {}
    return {
        **settings,
        "EXCEPTION_HANDLER": stage.get("exception_handler"),
        "DEBUG": bool(stage.get("debug", True)),
        "LOG_LEVEL": stage.get("log_level", "DEBUG"),
        "BINARY_SUPPORT": bool(stage.get("binary_support", True)),
        "CONTEXT_HEADER_MAPPINGS": as_table(stage.get("context_header_mappings")),
        "DOMAIN": stage.get("domain"),
        "BASE_PATH": stage.get("base_path"),
        **remote,
        "ENVIRONMENT_VARIABLES": {**region, **texts(stage.get("environment_variables"))},
        "API_STAGE": name,
        "PROJECT_NAME": str(stage.get("project_name") or path.parent.name),
        "SETTINGS_FILE": stage.get("settings_file"),
        "DJANGO_SETTINGS": stage.get("django_settings"),
        "AWS_EVENT_MAPPING": _events(stage),
        "AWS_BOT_EVENT_MAPPING": {},
        "COGNITO_TRIGGER_MAPPING": _triggers(stage),
        **({"AUTHORIZER_FUNCTION": authorizer} if authorizer else {}),
        "ASYNC_RESPONSE_TABLE": stage.get("async_response_table", ""),
        "ADDITIONAL_TEXT_MIMETYPES": stage.get("additional_text_mimetypes"),
    }


def _events(stage: Mapping[str, Any]) -> dict[str, str]:
    rows = ((as_table(row.get("event_source")).get("arn"), row.get("function")) for row in _tables(stage.get("events")))
    return {arn: function for arn, function in rows if arn and function}


def _triggers(stage: Mapping[str, Any]) -> dict[str, str]:
    rows = _tables(as_table(stage.get("cognito")).get("triggers"))
    return {row["source"]: row["function"] for row in rows if row.get("source") and row.get("function")}


def _names_zappa(folder: Path) -> bool:
    """Whether what is installed has Zappa already."""
    return any(_ZAPPA.search(read_loosely(folder / name)) for name in _LISTS if (folder / name).is_file())

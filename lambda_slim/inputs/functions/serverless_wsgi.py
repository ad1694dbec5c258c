"""The handler that the plugin serverless-wsgi writes for an app when Serverless packages.

Source: github.com/logandk/serverless-wsgi, `wsgi_handler.py` and `index.js`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.model.layout import Placement

_APP = re.compile(r"(?:(\w+(?:/\w+)*)/)?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\.([A-Za-z_]\w*)")
_FOLDER = """\
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), {folder!r}))
"""
_HANDLER = """\
import serverless_wsgi

from {module} import {name} as app

serverless_wsgi.TEXT_MIME_TYPES.extend({types!r})


def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
"""


def with_handler(said: Declared, options: Mapping[str, Any]) -> Declared:
    """A function with that handler, or with what is open about it.

    Args:
        said: The function, with its files.
        options: The table `custom.wsgi`.
    """
    app = _APP.fullmatch(str(options.get("app", "")))
    if app is None or not said.installs or said.handler != "wsgi_handler.handler":
        problem = f"{said.name}: the plugin serverless-wsgi writes `wsgi_handler.py` when Serverless packages"
        return replace(said, problem=problem, hint="run `serverless package`, then `lambda-slim slim .serverless`")
    folder, module, name = app.groups()
    types = [str(kind) for kind in options.get("textMimeTypes") or ()]
    text = _FOLDER.format(folder=folder) if folder else ""
    file = staged({"wsgi_handler.py": text + _HANDLER.format(module=module, name=name, types=types)})
    packed = () if options.get("packRequirements") is False else ("werkzeug",)
    return replace(said, parts=(*said.parts, Placement(file)), requires=("serverless-wsgi", *packed))

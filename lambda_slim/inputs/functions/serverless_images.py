"""Functions of a serverless.yml that are images which Serverless builds from a Dockerfile here."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import as_list, as_table, known_text
from lambda_slim.inputs.functions.declared_images import image_function
from lambda_slim.inputs.functions.records import Declared


def image_of(folder: Path, provider: Mapping[str, Any], image: Any, said: Declared) -> Declared:
    """A function with what its Dockerfile says; as it is where its image comes from elsewhere.

    Args:
        folder: The folder of the serverless.yml.
        provider: Its `provider`, with `ecr.images`.
        image: The function's `image`: a name, or a table with `name` and `command`.
        said: What else is declared of it.
    """
    table = as_table(image)
    built = as_table(as_table(provider.get("ecr")).get("images")).get(str(table.get("name") or image))
    path = known_text(built) or known_text(as_table(built).get("path"))
    if not path:
        return said
    context = Path(os.path.normpath(folder / path))
    words = as_list(table.get("command"))
    command = known_text(words[0]) if len(words) == 1 else None
    file = known_text(as_table(built).get("file")) or "Dockerfile"
    return image_function(said, context / file, context, command or "")

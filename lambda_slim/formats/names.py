"""Names of distributions."""

import re


def normalise(name: str) -> str:
    """A distribution's name as PEP 503 compares it.

    >>> normalise("Ruamel_Yaml.clib")
    'ruamel-yaml-clib'
    """
    return re.sub(r"[-_.]+", "-", name).lower()

"""Names of distributions."""

import re
from collections.abc import Iterable


def normalise(name: str) -> str:
    """A distribution's name as PEP 503 compares it.

    >>> normalise("Ruamel_Yaml.clib")
    'ruamel-yaml-clib'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def with_extras(name: str, extras: Iterable[object]) -> str:
    """A name with its extras, as a requirement has them.

    >>> with_extras("httpx", ["http2", "socks"]), with_extras("httpx", [])
    ('httpx[http2,socks]', 'httpx')
    """
    listed = ",".join(map(str, extras))
    return f"{name}[{listed}]" if listed else name

"""Where this lambda-slim came from, so that hooks and CI install the same one."""

import json
from importlib.metadata import PackageNotFoundError, distribution

from lambda_slim import __version__

FOLDER = "file:"


def direct_url() -> str:
    """What the installer noted of an installation that came from no index (PEP 610); "" where there is nothing."""
    try:
        return distribution("lambda-slim").read_text("direct_url.json") or ""
    except PackageNotFoundError:
        return ""


def own_requirement(noted: str) -> str:
    """The requirement of this very version: of the index, or of the commit that it was installed from.

    >>> own_requirement('{"url": "https://example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}')
    'lambda-slim @ git+https://example.org/a.git@c0ffee'
    """
    try:
        table = json.loads(noted or "{}")
        source = table.get("vcs_info")
        if source and not table["url"].startswith(FOLDER):
            return f"lambda-slim @ {source['vcs']}+{table['url']}@{source['commit_id']}"
    except (ValueError, KeyError, AttributeError):
        pass
    return f"lambda-slim=={__version__}"

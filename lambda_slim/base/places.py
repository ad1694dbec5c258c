"""Where the cache lies; found with hardly an import, since a hook asks it first of all."""

import os
import os.path


def cache_folder() -> str:
    """The cache folder: `LAMBDA_SLIM_CACHE`, else `XDG_CACHE_HOME/lambda-slim`, else `~/.cache/lambda-slim`."""
    if chosen := os.environ.get("LAMBDA_SLIM_CACHE"):
        return os.path.abspath(os.path.expanduser(chosen))
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "lambda-slim")

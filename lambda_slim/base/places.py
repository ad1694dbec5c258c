"""Where the cache lies, and where a command works. This module imports little, because hooks need it first."""

import os
import os.path
import sys

_NAME = "lambda-slim"


def enter(arguments: list[str]) -> list[str]:
    """Goes to the folders that `-C` and `--directory` name, and gives the other arguments.

    Raises:
        OSError: one is no folder; the working folder is as it was.
    """
    rest: list[str] = []
    folder = ""
    todo = list(arguments)
    while todo:
        argument = todo.pop(0)
        if argument == "--":
            rest += [argument, *todo]
            break
        if argument in ("-C", "--directory") and todo:
            folder = os.path.join(folder, todo.pop(0))
        elif argument.startswith("--directory="):
            folder = os.path.join(folder, argument.partition("=")[2])
        else:
            rest.append(argument)
    if folder:
        os.chdir(folder)
    return rest


def cache_folder() -> str:
    """The cache folder: `LAMBDA_SLIM_CACHE`, else `XDG_CACHE_HOME/lambda-slim`, else the system's own.

    That is `~/.cache/lambda-slim` on Linux, and `~/Library/Caches/lambda-slim` on macOS.
    """
    if chosen := os.environ.get("LAMBDA_SLIM_CACHE"):
        return os.path.abspath(os.path.expanduser(chosen))
    if base := os.environ.get("XDG_CACHE_HOME"):
        return os.path.join(base, _NAME)
    if sys.platform in ("darwin", "win32"):
        from platformdirs import user_cache_dir

        return user_cache_dir(_NAME, appauthor=False)
    return os.path.join(os.path.expanduser("~"), ".cache", _NAME)

"""What the user asked for: the settings file overlaid with the environment and flags.

`records` has what can be asked for, `keys` the names and values of the file, `load` reads and overlays.
"""

from lambda_slim.settings.keys import FUNCTION_KEYS, KEYS
from lambda_slim.settings.load import load, unread
from lambda_slim.settings.records import Bytecode, FunctionSettings, Level, Margin, Sdk, Settings

__all__ = [
    "FUNCTION_KEYS",
    "KEYS",
    "Bytecode",
    "FunctionSettings",
    "Level",
    "Margin",
    "Sdk",
    "Settings",
    "load",
    "unread",
]

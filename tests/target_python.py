"""The Python that tests of lazy imports build for: this one, or the one that `LAMBDA_SLIM_TESTS_TARGET` names.

From Python 3.15 on its own lazy imports are used, so these tests are run with one of those as well.
"""

import os
import subprocess
import sys
from pathlib import Path

_ASK = "import sys; print(*sys.version_info[:2], sys.implementation.cache_tag)"
_ASKED = os.environ.get("LAMBDA_SLIM_TESTS_TARGET") or sys.executable
_TOLD = subprocess.run([_ASKED, "-c", _ASK], check=True, capture_output=True, text=True).stdout.split()

PYTHON = Path(_ASKED)
VERSION = (int(_TOLD[0]), int(_TOLD[1]))
TAG = _TOLD[2]  # of its bytecode files
NATIVE = VERSION >= (3, 15)

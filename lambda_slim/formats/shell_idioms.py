"""Idioms of shell scripts for folders, and what only a run gives, as variables."""

import re

HERE = "__SCRIPT_FOLDER__"  # the variable that stands for the folder of the script
TOP = "__REPOSITORY__"  # the variable that stands for the repository
SCRATCH = "/lambda-slim-scratch"  # stands for the folder of folders that are made for one run
NOT_KNOWN = "__NOT_KNOWN__"  # the variable that stands for what only a run gives
_SOURCE = r"\"?(?:\$0|\$\{0\}|\$\{?BASH_SOURCE(?:\[0\])?\}?)\"?"
_DIRNAME = rf"(?:\$\(\s*dirname\s+(?:--\s+)?{_SOURCE}\s*\)|`dirname\s+{_SOURCE}`|\$\{{BASH_SOURCE(?:\[0\])?%/\*\}})"
_QUIET = r"(?:\s*(?:>\s*/dev/null|2>&1|&>\s*/dev/null))*"
_IDIOMS = (
    (re.compile(rf"\$\(\s*cd\s+(?:-P\s+)?\"?{_DIRNAME}([^\"`$()&;]*)\"?{_QUIET}\s*&&\s*pwd[^)]*\)"), rf"${{{HERE}}}\1"),
    (re.compile(_DIRNAME), f"${{{HERE}}}"),
    (re.compile(r"\$\(\s*pwd\s*\)|`pwd`|\$PWD\b|\$\{PWD\}"), "."),
    (re.compile(r"\$\(\s*mktemp\s[^()]*\)|`mktemp\s[^`]*`"), lambda match: f"{SCRATCH}/{match.start()}"),
    (re.compile(r"\$\(\s*git rev-parse --show-toplevel\s*\)"), f"${{{TOP}}}"),
    (re.compile(r"\$\(\s*(?:realpath|readlink -f)\s+\"?([^()\"]+)\"?\s*\)"), r"\1"),
)
_SUBSTITUTION = re.compile(r"\$\(\([^()]*\)\)|\$\([^()]*\)|`[^`]*`")


def simplified(text: str) -> str:
    """Command substitutions as variables."""
    for pattern, instead in _IDIOMS:
        text = pattern.sub(instead, text)
    for _ in range(6):
        text, count = _SUBSTITUTION.subn(f"${{{NOT_KNOWN}}}", text)
        if not count:
            break
    return text

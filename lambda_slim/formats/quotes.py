"""What Python quotes of sources in logs and answers: a package whose sources are compiled quotes nothing."""

import re

_BREAK = r"(?:\r\n|[\r\n]|\\r\\n|\\[rn])"  # escaped, too: tracebacks in JSON
_LINE = rf"(?:(?!{_BREAK}).)"
_FILE = r'File\ \\*"[^"\n]+",\ line\ \d+'
_TRACEBACK = re.compile(
    rf"""
    (?P<frame> {_FILE} (?: ,\ in\ {_LINE}+? )? )
    (?:
        {_BREAK} (?: [ \xa0]{{4,}} | [ \xa0]+ \| [ \xa0]{{5,}} )
        (?! [> \xa0|]* (?: {_FILE} | Traceback\ \( | \+- ) ) {_LINE}*
    )+
    """,
    re.VERBOSE,
)
_WARNING = re.compile(rf"(?P<told>:\d+: \w+Warning: {_LINE}*)(?:{_BREAK}  (?=\S){_LINE}*)?")
_COMPILING = re.compile(rf":\d+: SyntaxWarning: {_LINE}*(?:{_BREAK}  (?=\S){_LINE}*)?")
_GAP = re.compile(rf"{_BREAK}|\s")
_LONGEST = 4096  # characters of a path


def without_quotes(text: str) -> str:
    """Text without the lines of source in tracebacks and warnings, and without what only the compiler warns of."""
    if ", line " in text:
        text = _TRACEBACK.sub(lambda match: match["frame"], text)
    if "Warning: " in text:
        text = _WARNING.sub(lambda match: match["told"], _without_compiling(text))
    return text


def _without_compiling(text: str) -> str:
    """Text without `path:7: SyntaxWarning: …`; paths are looked for from their end, as minified pages have no gaps."""
    parts: list[str] = []
    end = 0
    for match in _COMPILING.finditer(text):
        before = text[end : match.start()]
        path = _GAP.split(before[-_LONGEST:])[-1]
        parts.append(before[: len(before) - len(path)])
        end = match.end()
    return "".join([*parts, text[end:]])

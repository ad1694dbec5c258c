"""Files of environment variables: `.env`."""

import re

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$")
_REFERENCE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")


def parse_dotenv(text: str) -> dict[str, str]:
    r"""Name to value; values in single quotes are taken as they are, others may name what stands above them.

    >>> parse_dotenv("export STAGE=dev # the usual\nNAME='a $b'\nHANDLER=src.${STAGE}.app")
    {'STAGE': 'dev', 'NAME': 'a $b', 'HANDLER': 'src.dev.app'}
    """
    values: dict[str, str] = {}

    def referenced(match: re.Match[str]) -> str:
        return values.get(match[1] or match[3], match[2] or "")

    for line in text.splitlines():
        match = None if line.lstrip().startswith("#") else _LINE.match(line)
        if match is None:
            continue
        name, value = match[1], match[2]
        quoted = re.match(r"(['\"])(.*?)\1", value)
        plain = quoted[2] if quoted else re.split(r"\s+#", value)[0].strip()
        values[name] = plain if quoted and quoted[1] == "'" else _REFERENCE.sub(referenced, plain)
    return values

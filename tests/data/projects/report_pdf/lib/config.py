from functools import cache
from pathlib import Path

import yaml


@cache
def load():
    return yaml.safe_load((Path(__file__).parent.parent / "content" / "settings.yaml").read_text())

"""`python -m benchmarks.attack NAME --seed N --count N` runs one attack; each is a module of this package."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

_PLACE = Path(__file__).parent


def main() -> int:
    """Runs an attack; exit 1 where something failed."""
    names = sorted(path.stem for path in _PLACE.glob("*.py") if not path.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("name", choices=names)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    asked = parser.parse_args()
    return bool(import_module(f"benchmarks.attack.{asked.name}").main(asked.seed, asked.count))


sys.exit(main())

"""The modules of the standard library, against the library that runs the tests."""

import sys
import sysconfig
from pathlib import Path

import pytest

from lambda_slim.knowledge.modules import is_no_submodule, standard_modules

HERE = sys.version_info[:2]


def installed():
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in library.rglob("*.py"):
        parts = path.relative_to(library).with_suffix("").parts
        if parts[0] in standard_modules(HERE) and not {"test", "tests", "__init__"} & {*parts}:
            yield ".".join(parts)


@pytest.mark.skipif(HERE > (3, 13), reason="later versions are not listed")
def test_no_module_that_is_there_is_said_to_be_missing():
    names = [*installed()]

    assert len(names) > 400
    assert not [name for name in names if is_no_submodule(name, HERE)]
    assert not is_no_submodule("os.path", HERE)
    assert not is_no_submodule("xml.parsers.expat.model", HERE)


@pytest.mark.parametrize("name", ["datetime.datetime", "os.paths", "json.nothing", "email.mime.txt", "random.choice"])
def test_what_no_version_has(name):
    assert is_no_submodule(name, (3, 12))
    assert not is_no_submodule(name, (3, 14))


@pytest.mark.parametrize("name", ["google.cloud", "six.moves", "requests.packages"])
def test_nothing_is_known_of_submodules_outside_the_standard_library(name):
    assert not is_no_submodule(name, (3, 12))

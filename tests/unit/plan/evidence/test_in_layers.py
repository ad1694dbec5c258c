"""Distributions that a layer has too, file for file."""

from dataclasses import replace

import pytest

from lambda_slim.model.file import Inventory
from lambda_slim.plan.evidence.in_layers import find_in_layers
from tests.unit.factory import file


@pytest.fixture
def placed(tmp_path):
    def place(path, text, owner="lib", folder="package"):
        source = tmp_path / folder / path
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        return replace(file(path, owner, len(text)), source=source)

    return place


def test_the_same_bytes_at_the_same_place(placed):
    own = [placed("lib/a.py", "a"), placed("lib/b.py", "b"), placed("other.py", "x", "other")]
    own.append(placed("app.py", "a", ""))
    layer = [placed("lib/a.py", "a", folder="layer"), placed("lib/b.py", "b", folder="layer")]
    layer.append(placed("app.py", "a", folder="layer"))

    assert find_in_layers(Inventory(tuple(own), beside=tuple(layer))) == {"lib"}
    assert find_in_layers(Inventory(tuple(own))) == frozenset()
    assert find_in_layers(Inventory(tuple(own), beside=tuple(own))) == {"lib", "other"}  # the same files


@pytest.mark.parametrize("text", ["ab", "x"])
def test_one_file_that_differs_keeps_the_distribution(placed, text):
    own = [placed("lib/a.py", "a"), placed("lib/b.py", "b")]
    layer = [placed("lib/a.py", text, folder="layer"), placed("lib/b.py", "b", folder="layer")]

    assert find_in_layers(Inventory(tuple(own), beside=tuple(layer))) == frozenset()
    assert find_in_layers(Inventory(tuple(own), beside=tuple(layer[1:]))) == frozenset()


def test_what_installers_write_may_differ(placed):
    own = [placed("lib/a.py", "a"), placed("lib-1.dist-info/RECORD", "1"), placed("lib/a.pyc", "1")]
    layer = [placed("lib/a.py", "a", folder="layer"), placed("lib-1.dist-info/RECORD", "22", folder="layer")]

    assert find_in_layers(Inventory(tuple(own), beside=tuple(layer))) == {"lib"}

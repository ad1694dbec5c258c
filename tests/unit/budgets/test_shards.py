from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.base.errors import UsageError
from lambda_slim.budgets.shards import shard
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function, Project
from lambda_slim.model.target import Target

TARGET = Target(runtimes()["python3.12"], "x86_64")


def project(names):
    functions = (Function(name=name, handler="a.b", source=Path(), target=TARGET, requirements=None) for name in names)
    return Project(Path(), tuple(functions), None, ())


@given(st.sets(st.text("abcdef", min_size=1), min_size=1, max_size=30), st.integers(1, 9), st.randoms())
def test_shards_are_a_partition_whatever_the_order(names, count, random):
    shuffled = list(names)
    random.shuffle(shuffled)
    parts = [shard(project(shuffled), f"{number}/{count}").functions for number in range(1, count + 1)]

    assert sorted(one.name for part in parts for one in part) == sorted(names)
    assert parts == [shard(project(sorted(names)), f"{number}/{count}").functions for number in range(1, count + 1)]


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "a/b", "-1/3"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(UsageError, match="is not i/n"):
        shard(project(["a"]), text)

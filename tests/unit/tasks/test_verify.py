"""What there is to say of the package that another is compared with."""

import pytest

from lambda_slim.base.errors import RunError
from lambda_slim.model.behaviour import Behaviour
from lambda_slim.model.run import Run
from lambda_slim.tasks.baseline import Baseline, take_baseline


def notes(*asked, init=""):
    session = Run(None, (), None, logs="", client="awslambdaric")
    return Baseline(session, Behaviour(init, {}, (), None, "awslambdaric", asked), ()).notes


def test_what_was_asked_for_is_unproved():
    assert notes("api.example.com:443") == (
        "it asked for api.example.com:443; without a network here, what handles an answer is not proved",
    )
    assert notes("ssm: GetParametersByPath") == (
        "it asked for ssm: GetParametersByPath and got empty successes: what handles real answers is not proved",
    )
    assert notes() == ()


def test_aws_at_import_leads_to_the_stub():
    hint = "--stub-aws answers AWS clients with empty successes, so that INIT can finish"

    assert hint in notes("ssm.eu-west-1.amazonaws.com:443", init="EndpointConnectionError: no")
    assert hint not in notes("ssm.eu-west-1.amazonaws.com:443")
    assert hint not in notes("api.example.com:443", init="OSError: no")


def life(stopped="", seconds=1.0):
    return Run(None, (), None, logs="deep in thought\n", client="c", stopped=stopped, seconds=seconds)


def test_a_full_package_that_comes_to_a_limit_is_no_behaviour(tmp_path):
    with pytest.raises(RunError, match=r"could not be proved here \(the full package took more than 61 s\)") as caught:
        take_baseline(lambda: life("time", 61), tmp_path, ())
    assert caught.value.cause == "deep in thought"


def test_a_second_life_that_is_held_up_takes_nothing_back(tmp_path):
    lives = iter([life(), life("time", 61)])
    base = take_baseline(lambda: next(lives), tmp_path, ())
    assert (base.behaviour.init, base.behaviour.unsteady) == ("", frozenset())

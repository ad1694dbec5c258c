"""What there is to say of the package that another is compared with."""

from lambda_slim.model.behaviour import Behaviour
from lambda_slim.model.run import Run
from lambda_slim.tasks.verify import Baseline


def notes(*asked, init=""):
    session = Run(None, (), None, late=False, logs="", client="awslambdaric")
    return Baseline(session, Behaviour(init, {}, (), None, "awslambdaric", asked), ()).notes


def test_what_was_asked_for_is_unproved():
    assert notes("api.example.com:443") == (
        "it asked for api.example.com:443; there is no network here, so what an answer leads to is unproved",
    )
    assert notes("ssm: GetParametersByPath") == (
        "it asked for ssm: GetParametersByPath and got empty successes: what real answers lead to is unproved",
    )
    assert notes() == ()


def test_aws_at_import_leads_to_the_stub():
    hint = "--stub-aws answers AWS clients with empty successes, so that INIT may come through"

    assert hint in notes("ssm.eu-west-1.amazonaws.com:443", init="EndpointConnectionError: no")
    assert hint not in notes("ssm.eu-west-1.amazonaws.com:443")
    assert hint not in notes("api.example.com:443", init="OSError: no")

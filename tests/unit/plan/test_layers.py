"""Notes on layers whose files are not here."""

from lambda_slim.model.layer import Layer, LayerContents
from lambda_slim.plan.layers import layer_findings


def test_a_public_layer_is_taken_as_it_is_documented():
    public = Layer("arn:p", provides=("a", "b", "c", "d", "e"), known="Powertools", where="t.yaml:3")

    (finding,) = layer_findings(LayerContents(unread=(public,)))

    assert (finding.level, finding.file) == ("info", "t.yaml:3")
    assert "the layer Powertools is taken to provide what it documents (a, b, c, d)" in finding.message


def test_of_an_agent_without_modules_that_is_said():
    (finding,) = layer_findings(LayerContents(unread=(Layer("arn:x", known="Insights"),)))

    assert "(no Python module)" in finding.message


def test_of_another_layer_nothing_is_known():
    (finding,) = layer_findings(LayerContents(unread=(Layer("arn:y", where="t.yaml:4"),)))

    assert (finding.level, finding.rule, finding.file) == ("warning", "layers", "t.yaml:4")
    assert "the layer `arn:y` is not here" in finding.message
    assert "`layers` of the settings" in finding.hint
    assert [*layer_findings(LayerContents())] == []

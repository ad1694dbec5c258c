"""`explain`: what a rule means."""


def test_a_rule_has_its_meaning_and_its_source(tool):
    told = tool("explain", "LS120").stdout

    assert "LS120" in told
    assert "http" in told or "docs/" in told


def test_a_rule_that_is_nearly_named_is_hinted_at(tool):
    assert "did you mean" in tool("explain", "LS12", code=2).stderr

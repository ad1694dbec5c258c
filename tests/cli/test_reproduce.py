"""`reproduce`: the same bytes under other conditions."""


def test_the_bytes_are_the_same(tool):
    assert "same bytes" in tool("reproduce").stdout

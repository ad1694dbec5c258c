"""`files`: the decision for every file, without running anything."""


def test_every_file_has_a_decision_and_a_reason(tool):
    tool.write("tests/test_app.py", "def test(): ...\n")
    told = tool("files", "--explain").stdout

    assert "app.py" in told
    assert "tests/test_app.py" in told
    assert "project-tests" in told


def test_only_the_functions_that_are_named(tool):
    assert "there are: One" in tool("files", "-F", "Two", code=2).stderr

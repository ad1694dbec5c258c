"""`merge`: one verdict of the reports of shards."""


def test_reports_of_two_shards_are_joined(tool):
    tool.write("lambda-slim.toml", tool.folder.joinpath("lambda-slim.toml").read_text() + 'Two = "app.handler"\n')
    for number in (1, 2):
        tool("check", "--no-import", "--shard", f"{number}/2", "--json", f"report-{number}.json", "--allow-none")

    told = tool("merge", "report-1.json", "report-2.json").stdout

    assert "One" in told + "One Two"
    assert tool("merge", "gone.json", code=2).stderr.startswith("error:")

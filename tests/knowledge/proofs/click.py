# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "click",
# ]
# ///
import click
import click.testing

@click.group()
@click.version_option("1.0")
def cli():
    """Group."""
@cli.command()
@click.option("--n", type=click.IntRange(1, 3), default=1, show_default=True)
@click.argument("name")
def hello(n, name):
    """Says hello. """
    with click.progressbar(range(n)) as bar:
        for _ in bar:
            pass
    click.secho(f"hi {name}" * n, fg="red")
runner = click.testing.CliRunner()
assert runner.invoke(cli, ["hello", "x", "--n", "2"]).output.endswith("hi xhi x\n")
assert "Says hello" in runner.invoke(cli, ["hello", "--help"]).output
assert runner.invoke(cli, ["hello", "x", "--n", "9"]).exit_code == 2
assert "1.0" in runner.invoke(cli, ["--version"]).output
assert runner.invoke(click.Command("c", callback=lambda: click.confirm("?")), input="y\n").exit_code == 0
from click.shell_completion import ShellComplete
assert [c.value for c in ShellComplete(cli, {}, "cli", "X").get_completions([], "h")] == ["hello"]

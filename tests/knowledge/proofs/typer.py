# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "typer",
# ]
# ///
import typer
import typer.testing

app = typer.Typer()
@app.command()
def hello(name: str, n: int = typer.Option(1, min=1, help="times")):
    """Says hello."""
    typer.echo(f"hi {name}" * n)
@app.command()
def bad():
    raise typer.Exit(3)
runner = typer.testing.CliRunner()
assert runner.invoke(app, ["hello", "x", "--n", "2"]).output == "hi xhi x\n"
assert "Says hello" in runner.invoke(app, ["hello", "--help"]).output
assert runner.invoke(app, ["bad"]).exit_code == 3
assert runner.invoke(app, ["hello", "x", "--n", "0"]).exit_code == 2
assert runner.invoke(app, ["nope"]).exit_code == 2

"""The pages of the commands: `python -m tests.cli.pages` writes the options into each, as the command declares them."""

import re
from pathlib import Path

import typer

from lambda_slim.cli.main import COMMANDS, load_command

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/commands"
_BETWEEN = re.compile(r"(<!-- options: .*? -->\n).*?(<!-- end -->\n)", re.DOTALL)


def options(name: str) -> str:
    """A table of what a command takes."""
    app = typer.Typer(add_completion=False)
    app.command(name)(load_command(name))
    command = typer.main.get_command(app)
    rows = ["| | |", "| --- | --- |"]
    for parameter in command.params:
        if parameter.name == "help":
            continue
        named = ", ".join(f"`{spelling}`" for spelling in parameter.opts) or f"`{parameter.name}`"
        if parameter.param_type_name == "argument":
            named = f"`{parameter.name.upper()}`"
        elif parameter.metavar:
            named += f" `{parameter.metavar}`".replace("|", "\\|")
        rows.append(f"| {named} | {(parameter.help or '').replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


def updated(name: str, text: str) -> str:
    """A page with the options as they are now."""
    return _BETWEEN.sub(lambda found: found[1] + "\n" + options(name) + "\n" + found[2], text)


def main() -> None:
    """Writes every page."""
    for name in COMMANDS:
        page = FOLDER / f"{name}.md"
        page.write_text(updated(name, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

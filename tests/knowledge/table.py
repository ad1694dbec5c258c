"""Writes the table of distributions into docs/knowledge.md: `python -m tests.knowledge.table`."""

import re
from pathlib import Path

from lambda_slim.knowledge.recipes import load_recipes
from lambda_slim.model.knowledge import Recipe

DOCUMENT = Path(__file__).parents[2] / "docs" / "knowledge.md"
_PLACE = re.compile(r"(<!-- table: [^\n]*-->\n).*?(<!-- end of table -->)", re.DOTALL)


def row(recipe: Recipe) -> str:
    """One line: what the recipe has to say beside its proof."""
    said = []
    if recipe.hidden:
        said.append("hidden imports")
    if recipe.keep:
        said.append("files to keep")
    if recipe.drop:
        said.append("files to drop")
    if recipe.reads_source:
        said.append("reads its own source")
    if recipe.select:
        said.append("data by AWS service")
    return f"| {recipe.distribution} | {', '.join(said) or 'proof only'} |"


def updated(text: str) -> str:
    """The document with the table as it should be."""
    rows = "\n".join(row(recipe) for recipe in load_recipes().values())
    table = f"| Distribution | Known |\n|---|---|\n{rows}\n"
    return _PLACE.sub(lambda found: found[1] + table + found[2], text)


if __name__ == "__main__":
    DOCUMENT.write_text(updated(DOCUMENT.read_text("utf-8")), "utf-8")

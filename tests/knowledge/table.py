"""Writes the table of distributions into docs/knowledge.md: `python -m tests.knowledge.table`."""

import re
from pathlib import Path

from lambda_slim.knowledge.recipes import load_recipes
from lambda_slim.model.knowledge import Recipe
from tests.knowledge.harness import proof_names

DOCUMENT = Path(__file__).parents[2] / "docs" / "knowledge.md"
_PLACE = re.compile(r"(<!-- table: [^\n]*-->\n).*?(<!-- end of table -->)", re.DOTALL)


def row(name: str, recipe: Recipe | None) -> str:
    """One line: what a recipe has to say, and "proof only" where there is none."""
    said = []
    if recipe and recipe.hidden:
        said.append("hidden imports")
    if recipe and recipe.keep:
        said.append("files to keep")
    if recipe and recipe.drop:
        said.append("files to drop")
    if recipe and recipe.reads_source:
        said.append("reads its own source")
    return f"| {name} | {', '.join(said) or 'proof only'} |"


def updated(text: str) -> str:
    """The document with the table as it should be."""
    recipes = load_recipes()
    rows = "\n".join(row(name, recipes.get(name)) for name in sorted({*recipes, *proof_names()}))
    table = f"| Distribution | Recipe |\n|---|---|\n{rows}\n"
    return _PLACE.sub(lambda place: place[1] + table + place[2], text)


if __name__ == "__main__":
    DOCUMENT.write_text(updated(DOCUMENT.read_text("utf-8")), "utf-8")

"""The pages of the rules: `python -m tests.cli.rule_pages` writes them from what `lambda-slim explain` knows."""

from pathlib import Path

from lambda_slim.knowledge.lints import Rule, load_rules

FOLDER = Path(__file__).parents[2] / "docs/rules"
SECTIONS = ("What it does", "Example", "Use instead", "Fix safety", "Silencing", "Source")


def rules() -> list[Rule]:
    """Those of findings on code and packages, which have pages."""
    return [rule for rule in load_rules().values() if rule.id.startswith("LS")]


def page(rule: Rule) -> str:
    """The text of a rule's page."""
    language = "python" if rule.id.startswith("LS2") and rule.id != "LS209" else "text"
    silencing = [f'In the settings: `ignore = ["{rule.id}"]`, or `"{rule.id}:PATTERN"` for some files.']
    if rule.id.startswith("LS2"):
        silencing.insert(0, f"On the line: `# lambda-slim: ignore[{rule.id}]`.")
    texts = (
        f"{_sentence(rule.title)}\n\n{' '.join(rule.why.split())}",
        _block(rule.example, language),
        f"{_sentence(rule.fix)}\n\n{_block(rule.instead, language)}",
        rule.safety,
        "\n".join(silencing),
        rule.source,
    )
    parts = [f"# {rule.id}: {rule.name}", f"Level: {rule.level}."]
    for title, text in zip(SECTIONS, texts, strict=True):
        parts += [f"## {title}", text]
    return "\n\n".join([*parts, "All rules are in [rules](../rules.md)."]) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _block(text: str, language: str) -> str:
    stripped = text.strip("\n")
    return f"```{language}\n{stripped}\n```"


def main() -> None:
    """Writes every page."""
    FOLDER.mkdir(exist_ok=True)
    for rule in rules():
        (FOLDER / f"{rule.id}.md").write_text(page(rule), "utf-8")


if __name__ == "__main__":
    main()

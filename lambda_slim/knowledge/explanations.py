"""What every rule id means, whoever emits it: findings, decisions about files, kinds of junk, recipes."""

import functools
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files

from lambda_slim.knowledge.junk import load_junk
from lambda_slim.knowledge.lints import Rule, load_rules
from lambda_slim.knowledge.recipes import load_recipes
from lambda_slim.knowledge.secrets import load_secrets
from lambda_slim.model.knowledge import Recipe

_WIDTH = 100


@functools.cache
def file_rules() -> Mapping[str, Mapping[str, str]]:
    """Rules that decide about files: title, why and change, by id."""
    table: dict[str, dict[str, str]] = tomllib.loads(
        files("lambda_slim.knowledge").joinpath("file_rules.toml").read_text("utf-8")
    )
    return table


def explain(name: str) -> tuple[str, ...]:
    """Lines about a rule: its id or name; empty where there is none."""
    lines = [*_finding(name), *_decision(name), *_junk(name), *_recipe(name)]
    return tuple(lines[1:] if lines and not lines[0] else lines)


def nearest(name: str) -> tuple[str, ...]:
    """Up to three ids that the user may have meant."""
    known = [row[0] for _, rows in table() for row in rows] + [rule.name for rule in load_rules().values()]
    close = get_close_matches(name.upper(), known, 2) + get_close_matches(name.lower(), known, 3)
    return tuple(dict.fromkeys(close))[:3]


def table() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """All rules: a heading, then (id, what it is) each."""
    rules = load_rules()
    return (
        ("Findings", tuple((rule.id, f"{rule.level:<8} {rule.name}: {rule.title}") for rule in rules.values())),
        ("Decisions about files", tuple((name, row["title"]) for name, row in file_rules().items())),
        ("Kinds of junk", tuple((junk.slug, junk.why) for junk in load_junk())),
        ("Recipes", (("recipe:NAME", "what is known of one distribution: recipe:pandas"),)),
    )


def _finding(name: str) -> Iterator[str]:
    rule = next(
        (entry for entry in load_rules().values() if name.casefold() in (entry.id.casefold(), entry.name)), None
    )
    if rule is None:
        return
    yield f"{rule.id} {rule.name} ({rule.level}): {rule.title}"
    yield from _part("Why", rule.why)
    yield from _code("Example", rule.example)
    yield from _part("Fix", rule.fix)
    yield from _code("Use instead", rule.instead)
    if rule.safety:
        yield from _part("Safety", rule.safety)
    yield from _silence(rule)
    yield from _part("Source", rule.source)
    if rule.id == "secret":
        yield from _part("Kinds", ", ".join(secret.slug for secret in load_secrets()))


def _code(title: str, text: str) -> Iterator[str]:
    if text:
        yield from ("", f"{title}:", "")
        yield from textwrap.indent(text.strip("\n"), "    ").splitlines()


def _silence(rule: Rule) -> Iterator[str]:
    yield ""
    if rule.id.startswith("LS2"):
        yield f"Silence   on the line: # lambda-slim: ignore[{rule.id}]"
        yield f'          for good:    [tool.lambda-slim] ignore = ["{rule.id}"]   or "{rule.id}:legacy/**" for files'
    else:
        yield f'Silence   [tool.lambda-slim] ignore = ["{rule.id}"]   or "{rule.id}:PATTERN" for files'


def _decision(name: str) -> Iterator[str]:
    row = file_rules().get(name)
    if row:
        yield from ("", f"{name} (decision about a file): {row['title']}")
        yield from _part("Why", row["why"])
        yield from _part("Change", row["change"])


def _junk(name: str) -> Iterator[str]:
    junk = next((entry for entry in load_junk() if entry.slug == name), None)
    if junk:
        yield from ("", f"{name} (kind of junk, {junk.risk}): {junk.why}")
        yield from _part("Files", ", ".join(junk.patterns))
        if junk.unless:
            yield from _part("Not", ", ".join(junk.unless))
        yield from _part("When", _WHEN[junk.check])
        yield from _part("Change", "name the files in `keep`")
        yield from _part("Source", junk.source)


_WHEN = {
    "always": "always",
    "unimported": "nothing that ships imports it",
    "unread": "nothing that ships imports it or names it in a string",
}


def _recipe(name: str) -> Iterator[str]:
    kind, _, distribution = name.partition(":")
    if kind != "recipe":
        return
    if not distribution:
        yield "recipe:NAME: what is known of one distribution (docs/knowledge.md)"
        return
    for recipe in load_recipes([distribution]).values():
        yield f"{name}: what is known of {distribution}"
        yield from _recipe_parts(recipe)
        yield from _part("Change", "name the files in `keep` or `exclude`")


def _recipe_parts(recipe: Recipe) -> Iterator[str]:
    for drop in recipe.drop:
        yield from _part("Drops", f"{', '.join(drop.match)}: {drop.why} (risk: {drop.risk}; {drop.source})")
    for keep in recipe.keep:
        yield from _part("Keeps", f"{', '.join(keep.match)}: {keep.why} ({keep.source})")


def _part(title: str, text: str) -> Iterator[str]:
    yield ""
    lines = textwrap.wrap(" ".join(text.split()), _WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    yield f"{title:<10}{lines[0]}"
    yield from (f"{'':<10}{line}" for line in lines[1:])

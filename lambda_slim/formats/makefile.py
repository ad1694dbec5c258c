"""What a Makefile runs, as shell scripts; nothing is run."""

import re
from collections.abc import Iterator

from lambda_slim.base.text import clause

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")


def make_script(text: str, target: str) -> str:
    """What `make TARGET` runs, as a shell script; its lines are not those of the Makefile.

    Args:
        text: A Makefile.
        target: One of `make_targets`.
    """
    rules, settings = _rules(text)
    lines = [f"{name}={_variables(value)}" for name, value in settings.items()]
    return "\n".join([*lines, *_recipe(rules, target, set())])


def make_targets(text: str) -> tuple[str, ...]:
    """The targets of a Makefile that have a recipe, in their order."""
    return tuple(name for name, (_, recipe) in _rules(text)[0].items() if recipe)


def _recipe(rules: dict[str, tuple[list[str], list[str]]], target: str, seen: set[str]) -> Iterator[str]:
    if target in seen or target not in rules:
        return
    seen.add(target)
    needed, recipe = rules[target]
    for name in needed:
        yield from _recipe(rules, name, seen)
    for line in recipe:
        said = _variables(line.replace("$@", target)).lstrip("@-+ ")
        yield clause("( {} )", said)


def _variables(text: str) -> str:
    """Make's variables as the shell's; `$$` is a dollar."""
    text = re.sub(r"\$[({](?:CURDIR|PWD)[)}]", ".", text)
    text = re.sub(r"\$[({]MAKE[)}]", "make", text)
    return re.sub(r"(?<!\$)\$\(([\w.-]+)\)", r"${\1}", text).replace("$$", "$")


def _rules(text: str) -> tuple[dict[str, tuple[list[str], list[str]]], dict[str, str]]:
    """(target to what it needs and its recipe, variable to its value)."""
    rules: dict[str, tuple[list[str], list[str]]] = {}
    settings: dict[str, str] = {}
    current: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        setting = re.match(r"(?:export\s+)?([\w.-]+)\s*[:?]?:?=\s*(.*)", line)
        rule = re.match(r"([\w./ -]+?)\s*::?(?!=)\s*([^#=]*)", line)
        if line.startswith("\t"):
            current.append(line.strip())
        elif setting:
            settings[setting[1]] = setting[2].strip()
        elif rule and not line.startswith((" ", ".")):
            current = []
            rules.update(dict.fromkeys(rule[1].split(), (rule[2].split(), current)))
    return rules, settings

"""What first-party functions import whose name their callers give: `load("pkg.module")`."""

import re
from collections.abc import Iterator, Mapping

from lambda_slim.imports.scan.facts import PLACEHOLDER, CallTexts, ScannedImport, SourceFacts, Straight
from lambda_slim.model.imports import Module
from lambda_slim.plan.starts.init_calls import by_name, definition, runs_of
from lambda_slim.plan.starts.places import Places

_MOST_HOPS = 4
_PARAMETER = re.compile(f"{PLACEHOLDER}([^{PLACEHOLDER}]*){PLACEHOLDER}")


def given_imports(places: Places, module: Module, function: str) -> Iterator[tuple[Module, ScannedImport]]:
    """Imports by the texts that the calls of a function give, each with the module in which the text stands.

    Args:
        places: The modules.
        module: Where the function is defined.
        function: Whose calls run whenever it is called; "" for the module.
    """
    for call in _calls(places.facts(module.name), function):
        if not _hands_on(call):
            for home, line, name in _imported(places, module, call, {}, _MOST_HOPS):
                yield (home, by_name(line, name)) if name.startswith(".") else (module, by_name(call.line, name))


def _imported(
    places: Places, module: Module, call: CallTexts, known: Mapping[str, str], hops: int
) -> Iterator[tuple[Module, int, str]]:
    """(module, line, name) of what the function that is called imports, and those that it hands its texts on to."""
    called = definition(places, module, call.call) if hops else None
    if called is None or called[0].owner:
        return
    home, function = called
    for straight in runs_of(places.facts(home.name), function):
        held = _held(straight, {key: _filled(text, known) for key, text in call.texts})
        yield from ((home, line, name) for line, name in _names(straight, held))
        for onward in filter(_hands_on, straight.given):
            yield from _imported(places, home, onward, held, hops - 1)


def _names(straight: Straight, held: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """(line, name) of what a function imports by its parameters; a name that is relative only by them is left out."""
    for line, template in straight.names:
        name = _filled(template, held)
        if PLACEHOLDER in template and name and name.startswith(".") == template.startswith("."):
            yield line, name


def _calls(facts: SourceFacts, function: str) -> Iterator[CallTexts]:
    return (call for straight in runs_of(facts, function) for call in straight.given)


def _hands_on(call: CallTexts) -> bool:
    """Whether a call gives what the function that calls was given."""
    return any(PLACEHOLDER in text for _, text in call.texts)


def _held(straight: Straight, given: Mapping[int | str, str]) -> dict[str, str]:
    """What each parameter of a function is, with what a call gives; "" where that is no text."""
    pairs = enumerate(straight.takes)
    return {name: given.get(place, given.get(name, default)) for place, (name, default) in pairs}


def _filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its parameters put in; "" where one of them is not known."""
    parameters = _PARAMETER.findall(text)
    if not all(known.get(name) for name in parameters):
        return ""
    return _PARAMETER.sub(lambda found: known[found[1]], text)

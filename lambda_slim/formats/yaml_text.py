"""YAML as plain values: libyaml where it is there, short tags as `{"Fn::Tag": value}`, dates as text."""

from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST = 1 << 20  # characters; a deployment file of a person has a hundredth


class _Plain(_BASE):  # type: ignore[misc]
    """YAML without dates."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:timestamp"]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _tagged(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"Fn::{suffix}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"Fn::{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"Fn::{suffix}": loader.construct_mapping(node, deep=True)}


_Plain.add_multi_constructor("!", _tagged)


def load_yaml(text: str) -> Any:
    """The value of a YAML (or JSON) document.

    Raises:
        ValueError: it is none, or too large; the message has the line.
    """
    return load_with_lines(text)[0]


def load_with_lines(text: str, *tables: str) -> tuple[Any, dict[str, int]]:
    """The value of a document, and the lines of the keys of some of its top-level tables.

    Raises:
        ValueError: it is none, or too large; the message has the line.
    """
    if len(text) > _MOST:
        message = f"it has more than {_MOST} characters"
        raise ValueError(message)
    loader = _Plain(text)
    try:
        node = loader.get_single_node()
        return (loader.construct_document(node) if node else None), _lines(node, tables)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        message = f"line {mark.line + 1}: {problem}" if mark else " ".join(problem.split())
        raise ValueError(message) from error
    finally:
        loader.dispose()


def _lines(node: yaml.Node | None, tables: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in tables and isinstance(value, yaml.MappingNode):
            found.update({str(name.value): name.start_mark.line + 1 for name, _ in value.value})
    return found

"""YAML from outside, within limits: what it stands for is counted before anything is made of it."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import yaml

MOST_CHARACTERS = 4_000_000  # CloudFormation takes a template of 1 MB
_MOST_NODES = 150_000
_MOST_DEPTH = 100  # of nodes in each other
_MOST_EXPANDED = 500_000  # nodes, with every alias as what it stands for
_LONGEST_NUMBER = 1_000  # characters of a scalar that is taken for a number


_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as quick


class TemplateLoader(_BASE):  # type: ignore[misc]
    """YAML with CloudFormation's short tags; dates stay text (`2010-09-09` is a version)."""


TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in patterns if tag != "tag:yaml.org,2002:timestamp"]
    for first, patterns in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _tagged(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".")
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _tagged)


def load_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The one document of a text, with its nodes, which know their lines.

    Raises:
        ValueError: it is no YAML, the message has the line; or it is too long, too deep or stands for too much.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"it is longer than {MOST_CHARACTERS} characters")
    try:
        _check_events(text)
        loader = TemplateLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, None
            _check_nodes(node)
            return node, loader.construct_document(node)
        finally:
            loader.dispose()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        if "nesting depth" in problem:
            problem = "it is nested too deeply"
        raise ValueError(f"line {mark.line + 1}: {problem}" if mark else " ".join(problem.split())) from error
    except (TypeError, OverflowError, KeyError, AttributeError, IndexError) as error:  # PyYAML, of odd scalars
        raise ValueError(f"it holds a value that YAML does not allow: {error}") from error


def load_with_lines(text: str, *tables: str) -> tuple[Any, dict[str, int]]:
    """The value of a document, and the lines of the keys of some of its top-level tables.

    Raises:
        ValueError: see `load_yaml`.
    """
    node, value = load_yaml(text)
    lines: dict[str, int] = {}
    for key, inner in pairs_of(node):
        if key.value in tables:
            lines.update({str(name.value): name.start_mark.line + 1 for name, _ in pairs_of(inner)})
    return value, lines


def pairs_of(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping; of anything else none."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def _check_events(text: str) -> None:
    """Counts what the fast parser sees, where there is one, without building anything."""
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is None:
        return
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=fast)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_DEPTH:
            raise ValueError("it is nested too deeply")
        if count > 2 * _MOST_NODES:
            raise ValueError(f"it has more than {_MOST_NODES} values")


def _check_nodes(root: yaml.Node) -> None:
    """Counts nodes with aliases expanded; each node is looked at once.

    Raises:
        ValueError: they are too many, a node holds itself, or a number is too long.
    """
    sizes: dict[int, int] = {}
    opened: set[int] = set()
    todo: list[tuple[yaml.Node, bool]] = [(root, False)]
    while todo:
        node, done = todo.pop()
        key = id(node)
        if done:
            opened.discard(key)
            sizes[key] = _weight(node) + sum(sizes[id(child)] for child in _children(node))
            if sizes[key] > _MOST_EXPANDED:
                raise ValueError(f"its aliases stand for more than {_MOST_EXPANDED} values")
        elif key in opened:
            raise ValueError(f"line {node.start_mark.line + 1}: a value holds itself")
        elif key not in sizes:
            _check_scalar(node)
            opened.add(key)
            todo.append((node, True))
            todo += [(child, False) for child in _children(node)]


def _weight(node: yaml.Node) -> int:
    """1, and more for a long text: aliases repeat it."""
    return 1 + len(node.value) // 32 if isinstance(node, yaml.ScalarNode) else 1


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    yield from chain.from_iterable(pairs_of(node))


def _check_scalar(node: yaml.Node) -> None:
    number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
    if number and len(node.value) > _LONGEST_NUMBER:
        raise ValueError(f"line {node.start_mark.line + 1}: a number is too long")

"""Pure algorithms on graphs of names: reachability, dominators, shortest chains."""

from collections import deque
from collections.abc import Iterable, Mapping

Edges = Mapping[str, Iterable[str]]


def reachable(edges: Edges, roots: Iterable[str], *, without: str = "") -> frozenset[str]:
    """Every node that the roots lead to, themselves included, as if `without` were not there."""
    seen: set[str] = set()
    todo = [root for root in roots if root != without]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(target for target in edges.get(node, ()) if target != without and target not in seen)
    return frozenset(seen)


def dominated(edges: Edges, roots: Iterable[str]) -> dict[str, frozenset[str]]:
    """For every reachable node, the nodes that every path from the roots reaches only through it, itself included.

    This is what leaves when it leaves. One search a node: requirement graphs have hundreds of nodes, not millions.
    """
    starts = tuple(roots)
    everything = reachable(edges, starts)
    return {node: everything - reachable(edges, starts, without=node) for node in everything}


def chain(edges: Edges, roots: Iterable[str], goal: str) -> tuple[str, ...]:
    """The shortest path from a root to `goal`, both included; empty where there is none. Ties go by name."""
    parents: dict[str, str] = dict.fromkeys(sorted(set(roots)), "")
    todo = deque(parents)
    while todo:
        node = todo.popleft()
        if node == goal:
            path = [node]
            while parents[path[-1]]:
                path.append(parents[path[-1]])
            return tuple(reversed(path))
        for target in sorted(edges.get(node, ())):
            if target not in parents:
                parents[target] = node
                todo.append(target)
    return ()

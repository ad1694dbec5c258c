"""Dotted names of modules."""


def absolute_name(module: str, level: int, name: str | None, *, package: bool) -> str:
    """The absolute form of what `from ..name import` names in a module; "" where it leads out of the top level.

    Args:
        module: The dotted name of the importing module.
        level: The number of leading dots.
        name: What follows them; None or "" for nothing.
        package: Whether the module is a package.

    >>> absolute_name("a.b.c", 2, "d", package=False)
    'a.d'
    """
    if not level:
        return name or ""
    parts = module.split(".")
    depth = len(parts) - level + package
    return ".".join([*parts[:depth], *filter(None, [name])]) if depth > 0 else ""

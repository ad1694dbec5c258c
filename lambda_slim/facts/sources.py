"""Which sources of distributions are read rather than imported?"""

from lambda_slim.inventory import PROJECT, Inventory, Kind


def plain_sources(inventory: Inventory) -> frozenset[str]:
    """Sources in a folder without `__init__` that lies in a package with one: templates such as alembic's `env.py`."""
    sources = [file for file in inventory.files if file.kind is Kind.SOURCE]
    packages = {file.path.removesuffix("/__init__.py") for file in sources if file.path.endswith("/__init__.py")}
    return frozenset(
        file.path
        for file in sources
        if file.owner != PROJECT
        and (folder := file.path.rpartition("/")[0]) not in packages
        and not packages.isdisjoint(_above(folder))
    )


def _above(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]

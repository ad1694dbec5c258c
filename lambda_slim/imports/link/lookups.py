"""What linking looks things up in: names, attributes, import helpers and constants of one package."""

from lambda_slim.imports.index import Index
from lambda_slim.imports.link.constants import Constants
from lambda_slim.imports.link.helpers import Helpers
from lambda_slim.imports.link.lazy import Exports
from lambda_slim.imports.link.names import ModuleNames
from lambda_slim.imports.store import Store


class Lookups:
    """The tables of one package, each filled on request."""

    def __init__(self, index: Index, store: Store) -> None:
        self.index = index
        self.store = store
        self.names = ModuleNames(index)
        self.exports = Exports(self.names, store)
        self.helpers = Helpers(index, store)
        self.constants = Constants(self.names, self.exports, store)

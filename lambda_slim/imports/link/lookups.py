"""What linking looks things up in: names, attributes, import helpers and constants of one package."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lambda_slim.imports.index import Index
from lambda_slim.imports.link.constants import Constants
from lambda_slim.imports.link.helpers import Helpers
from lambda_slim.imports.link.lazy import Exports
from lambda_slim.imports.link.names import ModuleNames
from lambda_slim.imports.link.settings_names import SettingsNames
from lambda_slim.imports.store import Store


class Lookups:
    """The tables of one package, each filled on request."""

    def __init__(
        self,
        index: Index,
        store: Store,
        named: Callable[[str], bool] = lambda _: False,
        sought: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self.index = index
        self.store = store
        self.names = ModuleNames(index)
        self.settings = SettingsNames(self.names, store, named, sought)
        self.exports = Exports(self.names, store)
        self.helpers = Helpers(index, store)
        self.constants = Constants(self.names, self.exports, store)

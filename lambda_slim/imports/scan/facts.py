"""What one source file says about imports, independent of where the file lives: the unit of caching."""

from typing import NamedTuple

VERSION = "41"  # of the scanner; part of every cache key

TOP, DEFERRED, OPTIONAL, LAZY = "t", "d", "o", "l"
NAME, PROBE, CHILDREN, TREE, GIVEN = "n", "p", "c", "t", "g"  # what a dynamic import does with a name


# When an import statement runs: whenever its module is imported, with nothing that catches its failure; on some paths
# only; or where its failure is caught.
SURE, MAYBE, GUARDED = "s", "m", "g"


class ScannedImport(NamedTuple):
    """An import statement.

    Attributes:
        level: Leading dots.
        names: `name` or `name:alias` after `from … import`; None for a plain `import`.
        alias: Of a plain `import`.
        gate: Attributes on whose request it runs, inside a module's `__getattr__` (`*`: any); None elsewhere.
        when: SURE, MAYBE or GUARDED.
        instead: Positions of other imports of the file; of each group one has to fail for this one to run.
    """

    line: int
    how: str
    level: int
    module: str
    names: tuple[str, ...] | None
    alias: str = ""
    gate: tuple[str, ...] | None = None
    when: str = "m"
    instead: tuple[tuple[int, ...], ...] = ()

    @property
    def taken(self) -> tuple[str, ...]:
        """What it takes of a module, as `names`; nothing for a plain `import`."""
        return self.names or ()


class Dynamic(NamedTuple):
    """An import by name at run time.

    Attributes:
        kind: NAME imports it, PROBE asks whether it is there, CHILDREN and TREE list a package, GIVEN hands it on.
        patterns: The names it could be (see `values`).
        package: What a relative name is relative to, a pattern; "" for the file's own package.
        origin: Where the unknown part of the patterns comes from.
        function: The enclosing function, whose callers may give the name.
    """

    line: int
    how: str
    kind: str
    patterns: tuple[str, ...]
    package: str
    origin: str
    function: str
    expression: str
    gate: tuple[str, ...] | None = None


class Chain(NamedTuple):
    """Attributes taken from an imported name: `scipy.linalg.blas` is root `scipy` and `linalg.blas`; `*` is any."""

    line: int
    how: str
    root: str
    attributes: str


class Call(NamedTuple):
    """A call whose text arguments may name modules: `lazy_load("pandas")`."""

    line: int
    callee: str
    patterns: tuple[str, ...]
    origin: str


class Service(NamedTuple):
    """A call like `session.client(NAME)`."""

    line: int
    method: str
    patterns: tuple[str, ...]
    origin: str
    function: str
    expression: str


class Version(NamedTuple):
    """A call that asks for the metadata of a distribution: `version("mypackage")`; `when` as of `ScannedImport`."""

    line: int
    name: str
    when: str


class CallTexts(NamedTuple):
    """A call that gives texts, or nothing.

    Attributes:
        call: What it calls, as `Straight.calls` has it.
        texts: What it gives, by place or name; "" for what is no text. A text may have parameters of the function in
            it that calls, see `parameter_text`.
    """

    line: int
    call: str
    texts: tuple[tuple[int | str, str], ...]


PLACEHOLDER = "\0"


def parameter_text(name: str) -> str:
    """What stands in a text for a parameter of the function around it."""
    return f"{PLACEHOLDER}{name}{PLACEHOLDER}"


class Straight(NamedTuple):
    """What a function of the module runs whenever it is called; of the function "", what importing the module runs.

    Attributes:
        function: Its name; a class's for its constructor; `name()` for what it returns, and for `__call__`.
        lines: Lines of import statements.
        names: Modules that are imported by a literal name, with the line; relative ones with leading dots. A name may
            have parameters of the function in it, see `parameter_text`.
        calls: Functions that it calls: `..pkg.module:name`, or `:name` of the module itself. `:name()` is called where
            the function that `name` returns is, or an object of the class `name`.
        attributes: What it takes of imported names, with the line: `pkg.module:name`, or `pkg:module.name` where it is
            not written whether `module` is one.
        end: The line that raises or ends the process; 0 where none does for sure.
        given: Its calls that give texts, or nothing.
        takes: Its parameters by their place, with the text that each has by default; "" for none.
    """

    function: str
    lines: tuple[int, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    calls: tuple[str, ...] = ()
    attributes: tuple[tuple[int, str], ...] = ()
    end: int = 0
    given: tuple[CallTexts, ...] = ()
    takes: tuple[tuple[str, str], ...] = ()


# What a name stands for: no function at all; something that does not take an event and a context; something whose
# result is none for Lambda; nothing; what another name stands for; a module.
VALUE, CALL, ANSWER, GONE, ALIAS, MODULE = "v", "c", "a", "g", "n", "m"


class Shape(NamedTuple):
    """What a name of a first-party module stands for, where that is known, and it is no handler or is from elsewhere.

    Attributes:
        name: `name`, of an object of a class `Class()`, of methods `Class().method` and `Class.method`.
        kind: VALUE, CALL, ANSWER, GONE, ALIAS or MODULE.
        text: What to say of it: "is a string"; of ALIAS `..pkg.module:name`; of MODULE its name.
    """

    name: str
    line: int
    kind: str
    text: str


def extended(shape: Shape, rest: str) -> str:
    """As of ALIAS: what `.attribute` or `()` after a name of kind ALIAS or MODULE stands for."""
    return shape.text + rest if shape.kind == ALIAS else f"{shape.text}:{rest.removeprefix('.')}"


class Lazy(NamedTuple):
    """A module that answers for attributes it does not have.

    Attributes:
        bound: Names that it does have.
        pairs: Text that stands together in its tables, both ways: (attribute, module), (module, attribute).
        stub: Its attributes are listed in the `.pyi` file beside it.
    """

    bound: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    stub: bool


class SourceFacts(NamedTuple):
    """Everything about one file."""

    imports: tuple[ScannedImport, ...] = ()
    dynamic: tuple[Dynamic, ...] = ()
    chains: tuple[Chain, ...] = ()
    strings: tuple[tuple[int, str], ...] = ()
    calls: tuple[Call, ...] = ()
    groups: tuple[tuple[int, tuple[str, ...]], ...] = ()
    services: tuple[Service, ...] = ()
    exports: tuple[str, ...] = ()  # what `__all__` lists; `*` where it is computed, as from a listing of the folder
    lazy: Lazy | None = None
    listed: tuple[str, ...] = ()  # in first-party code: names that are items of a list, as in INSTALLED_APPS
    unpickles: tuple[tuple[int, str], ...] = ()  # lines that load objects from data, and their source
    runs: tuple[tuple[int, str], ...] = ()  # lines that run code given as text at run time, and their source
    readable: bool = True  # False: not today's Python; read loosely
    bound: tuple[str, ...] = ()  # names that the module has, see `bound_names`; `*` where it may have others
    versions: tuple[Version, ...] = ()
    straight: tuple[Straight, ...] = ()  # in first-party code
    shapes: tuple[Shape, ...] = ()  # in first-party code
    promised: tuple[str, ...] = ()  # what `__all__` lists in plain lists of texts; `*` where it is made otherwise, too
    assigned: tuple[str, ...] = ()  # in first-party code: attributes that it gives to objects; `*` for any


def bound_by(statement: ScannedImport) -> list[str]:
    """The names that an import statement binds."""
    if statement.names is None:
        return [statement.alias or statement.module.partition(".")[0]]
    return [name.rpartition(":")[2] for name in statement.names]


def dump(facts: SourceFacts) -> tuple[object, ...]:
    """As plain tuples, which marshal accepts."""
    return tuple(plain(value) for value in facts)


def plain(value: object) -> object:
    """A value with its named tuples made plain."""
    return tuple(plain(item) for item in value) if isinstance(value, tuple) else value


def parse_facts(row: tuple[object, ...]) -> SourceFacts:
    """The inverse of `dump`; the rows inside become named tuples again only where code reads them by name."""
    f = SourceFacts(*row)  # type: ignore[arg-type]
    return f._replace(
        imports=tuple(map(ScannedImport._make, f.imports)),
        dynamic=tuple(map(Dynamic._make, f.dynamic)),
        chains=tuple(map(Chain._make, f.chains)),
        calls=tuple(map(Call._make, f.calls)),
        services=tuple(map(Service._make, f.services)),
        lazy=Lazy._make(f.lazy) if f.lazy else None,
        versions=tuple(map(Version._make, f.versions)),
        straight=tuple(map(_straight, f.straight)),
        shapes=tuple(map(Shape._make, f.shapes)),
    )


def _straight(row: tuple[object, ...]) -> Straight:
    straight = Straight(*row)  # type: ignore[arg-type]
    return straight._replace(given=tuple(map(CallTexts._make, straight.given)))

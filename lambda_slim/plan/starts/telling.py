"""The messages for imports that fail, and what to do about them."""

from lambda_slim.model.decision import Decision, Plan
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.nearest import Nearest
from lambda_slim.plan.starts.places import Places
from lambda_slim.plan.starts.walk import Lack, LackKind

_RULES = {LackKind.NAME: "LS131", LackKind.METADATA: "LS132", LackKind.END: "LS134"}


class Teller:
    """Writes findings for imports that fail."""

    def __init__(self, evidence: Evidence, plan: Plan, nearest: Nearest, places: Places) -> None:
        self.evidence = evidence
        self.nearest = nearest
        self.places = places
        self.dropped = {d.file.path: d for d in plan.dropped if d.file.path.endswith((".py", ".so"))}

    def finding(self, lack: Lack) -> Finding:
        """The finding of one lack."""
        level = "error" if lack.certain else "warning"
        elsewhere = lack.via and not lack.via.startswith(f"{lack.path}:")
        via = f" ({lack.via} leads there)" if elsewhere else ""
        message, hint = self._told(lack)
        rule = _RULES.get(lack.kind, "LS130")
        return Finding(rule, level, f"{message}{via}", lack.path, lack.line, hint=hint)

    def _told(self, lack: Lack) -> tuple[str, str]:
        """What is wrong, and the likely cause."""
        tellers = {
            LackKind.MODULE: self._module,
            LackKind.NAME: self._name,
            LackKind.BEYOND: self._beyond,
            LackKind.ELSEWHERE: self._elsewhere,
            LackKind.METADATA: self._metadata,
            LackKind.END: self._end,
        }
        return tellers[lack.kind](lack)

    def _end(self, _: Lack) -> tuple[str, str]:
        told = "INIT ends here: this line raises or ends the process whenever the module is imported"
        return told, 'put it behind `if __name__ == "__main__":`, or into the handler'

    def _module(self, lack: Lack) -> tuple[str, str]:
        message = f"`{lack.name}` is imported {_when(lack)}, and nothing provides it"
        if hint := self._not_for_here(lack.name):
            return message, hint
        if decision := self._left_out(lack.name):
            why = f"{decision.file.path} is left out ({decision.verdict.rule}: {decision.verdict.why})"
            return message, f"{why}; name it in `keep`"
        if folder := self._holding(lack.name):
            add = "list it in requirements.txt, or set PYTHONPATH=/var/task/"
            return message, f"{folder}/ has it, and an import does not look into {folder}/: {add}{folder}"
        if self.places.conceals(lack.name):
            return message, self._hidden(lack.name)
        if any(not (layer.readable or layer.known) for layer in self.evidence.function.layers) and not lack.certain:
            return message, "one of the function's layers may have it; `lambda-slim` does not know what is in them"
        return message, self.nearest.hint(lack.name)

    def _hidden(self, name: str) -> str:
        """What hides a module that is there."""
        module, top = self.evidence.imports.modules.get(name), name.partition(".")[0]
        if module and any(file.path == module.path for file in self.evidence.inventory.files):
            return f"a layer has `{top}/__init__.py`, which hides the folder {top}/ of the package: add one to that"
        return f"the package has a `{top}` of its own, which hides that of the layers and the runtime"

    def _not_for_here(self, name: str) -> str:
        """What to do about a module that was made for another machine or Python; "" where none was."""
        decision, other = self._left_out(name), self.places.foreign.get(name)
        if decision is not None and decision.verdict.rule == "platform":
            path, made_for = decision.file.path, decision.verdict.why.removeprefix("made for ")
        elif other is not None:
            path, made_for = other.path, other.made_for
        else:
            return ""
        target = self.evidence.function.target
        place = f"{target.runtime.name} on Linux {target.machine}"
        if self._is_own(path):
            return f"{path} is made for {made_for}; compile it for {place}"
        pip = f"--only-binary :all: --platform manylinux2014_{target.machine} --python-version {target.runtime.python}"
        return f"{path} is made for {made_for}; install it for {place}, with pip by {pip}"

    def _holding(self, name: str) -> str:
        """The folder of installed distributions that has a module: `package` after `pip install -t package`."""
        top = name.partition(".")[0]
        modules = [module for module in self.evidence.imports.modules.values() if module.name.endswith(f".{top}")]
        places = (module.path.removesuffix("/__init__.py").removesuffix(".py") for module in modules if module.owner)
        folders = {place.removesuffix(f"/{top}") for place in places}
        installed = (file.path for file in self.evidence.inventory.files if file.path.endswith(".dist-info/METADATA"))
        return min(folders.intersection(path.rsplit("/", 2)[0] for path in installed), default="")

    def _is_own(self, path: str) -> bool:
        return any(file.path == path and file.owner == FIRST_PARTY for file in self.evidence.inventory.files)

    def _left_out(self, name: str) -> Decision | None:
        module = self.evidence.imports.modules.get(name)
        paths = () if module is None else (module.path, *module.twins)
        if module is not None and module.namespace:
            paths = tuple(path for path in self.dropped if path.startswith(f"{module.path}/"))
        return next((self.dropped[path] for path in paths if path in self.dropped), None)

    def _name(self, lack: Lack) -> tuple[str, str]:
        module, _, name = lack.name.rpartition(".")
        owner = self.evidence.imports.modules.get(module)
        return f"`{module}` has no `{name}`", self.nearest.name_hint(module, name, owner.owner if owner else None)

    def _beyond(self, lack: Lack) -> tuple[str, str]:
        told = f"the relative import `{lack.name}` leads out of the package: Lambda imports this as `{lack.module}`"
        return told, "import it by its absolute name, or put the handler into a package: `package.module.handler`"

    def _elsewhere(self, lack: Lack) -> tuple[str, str]:
        place = f"it is there as {lack.instead}, in a folder that is not on sys.path"
        told = f"`{lack.name}` is imported {_when(lack)}; {place}"
        absolute = lack.instead.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return told, f"import `{absolute}`, or let CodeUri name the folder that has it"

    def _metadata(self, lack: Lack) -> tuple[str, str]:
        told = f"the version of `{lack.name}` is asked for, and its metadata is not in the package"
        return told, self.nearest.metadata_hint(lack.name)


def _when(lack: Lack) -> str:
    return "at INIT" if lack.at_init else "in a function or under a condition"

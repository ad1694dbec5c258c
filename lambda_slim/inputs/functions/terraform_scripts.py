"""What Terraform's `local-exec` provisioners and a repository's scripts pack, followed and never run."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from lambda_slim.base.text import clause
from lambda_slim.formats.hcl import HclBlock
from lambda_slim.formats.tables import known_text
from lambda_slim.inputs.functions.packing import Packing
from lambda_slim.inputs.functions.packing_files import PackedFiles
from lambda_slim.inputs.functions.scripts import ScriptPackage, package_by_scripts, repository_of, script_package
from lambda_slim.inputs.functions.terraform_module import Instance, TerraformModule
from lambda_slim.model.packing import FUNCTION_SITE


class TerraformScripts:
    """The provisioners of some modules.

    Args:
        modules: The root module and those below it.
        site: Where Python looks for distributions in what they pack; see `FUNCTION_SITE`.
    """

    def __init__(self, modules: Iterable[TerraformModule], site: str = FUNCTION_SITE) -> None:
        self._site = site
        self._modules = list(modules)
        self._files = PackedFiles()
        self._followed: list[tuple[int, Packing]] | None = None  # (turn of its first command, provisioner)

    def touching(self, place: Path) -> ScriptPackage | None:
        """What provisioners put into a folder or an archive; None where they put nothing there."""
        rows = self._provisioned(place)
        if not rows:
            return None
        first = rows[0]
        joined = Packing(first.cwd, first.here, first.top, self._files, first.name)
        joined.unknown = [command for packing in rows for command in packing.unknown]
        return script_package(joined, place, self._site)

    def making(self, place: Path) -> ScriptPackage | None:
        """What makes a folder or an archive that is not there: provisioners, else a script of the repository."""
        return self.touching(place) or package_by_scripts(place, self._modules[0].root, self._site)

    def seen(self, awaited: str) -> str:
        """The provisioners whose commands are not understood, for a message; "" for none.

        Args:
            awaited: What the function depends on, `null_resource.pack`; where it names some of them, only those count.
        """
        rows = [(packing.resource in awaited, command) for _, packing in self._all() for command in packing.unknown]
        wanted = any(named for named, _ in rows)
        commands = [command for named, command in rows if named or not wanted]
        shown = (f"{where} runs `{command}`" for _, where, command in commands[:3])
        told = ", ".join(shown)
        return clause("{}, which is not understood", told)

    def _provisioned(self, place: Path) -> list[Packing]:
        """The provisioners that put something there."""
        turns = [row.turn for row in self._files.within(place)] if self._all() else []
        return [packing for first, packing in self._all() if any(first < turn <= packing.turn for turn in turns)]

    def _all(self) -> list[tuple[int, Packing]]:
        if self._followed is None:
            self._followed = []
            for instance, provisioner in self._provisioners():
                before = self._followed[-1][1].turn if self._followed else 0
                packing = self._packing(instance, provisioner)
                packing.turn = before
                self._followed.append((before, packing))
                self._follow(packing, instance.module.command(provisioner, "command", instance.scope))
        return self._followed

    def _follow(self, packing: Packing, command: str | None) -> None:
        packing.turn += 1
        if command is None:
            packing.unknown.append((packing.turn, packing.name, "a command that is only known at deployment"))
            return
        try:
            packing.follow(command)
        except ValueError as error:
            packing.unknown.append((packing.turn, packing.name, str(error)))

    def _provisioners(self) -> Iterator[tuple[Instance, HclBlock]]:
        for module in self._modules:
            for block in module.of("resource", "null_resource", "terraform_data"):
                for instance in module.instances(block)[:50]:
                    for inner in block.inner("provisioner"):
                        if inner.labels == ("local-exec",) and inner.line:
                            yield instance, inner

    def _packing(self, instance: Instance, provisioner: HclBlock) -> Packing:
        module = instance.module
        folder = known_text(module.value(provisioner, "working_dir", instance.scope))
        cwd = module.root / (folder or "")
        top = repository_of(module.root)
        table = module.value(provisioner, "environment", instance.scope)
        names = table if isinstance(table, dict) else {}
        name = module.where(instance.block).rpartition(":")[0] + f":{provisioner.line}"
        packing = Packing(Path(os.path.normpath(cwd)), module.root, top, self._files, name)
        packing.resource = ".".join(instance.block.labels)
        for key, value in names.items():
            packing.variables[str(key)] = known_text(value)
        return packing

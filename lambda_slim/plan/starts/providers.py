"""Providers of modules beside the package: the standard library, the runtime, layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from lambda_slim.knowledge.modules import (
    Version,
    changed_modules,
    changed_names,
    foreign_modules,
    is_no_submodule,
    runtime_modules,
    standard_modules,
    unpromised_modules,
)


class Given(IntEnum):
    """Whether something exists; of several answers the highest holds."""

    NO = 0
    MAYBE = 1
    YES = 2


class Provider(Protocol):
    """Something that provides modules beside the package."""

    @property
    def hidden(self) -> bool:
        """Whether its folder comes after the package's on `sys.path`, so that a package of the same name hides it."""

    def module(self, name: str) -> Given:
        """Whether a dotted module is there."""

    def member(self, module: str, name: str) -> Given:
        """Whether a module that is there has a name."""


@dataclass(frozen=True, slots=True)
class StandardLibrary:
    """The standard library of a Python, e.g. (3, 12)."""

    version: Version
    hidden: bool = False  # the runtime may have imported it before the package is looked at

    def module(self, name: str) -> Given:
        """Submodules count as there unless it is known that they are not, or when they came or went."""
        top = name.partition(".")[0]
        if top not in standard_modules(self.version):
            private = top.startswith("_") or top == "test"
            known = top in changed_modules() or top in foreign_modules()
            return Given.MAYBE if private and not known else Given.NO
        change = changed_modules().get(name)
        if change is None and is_no_submodule(name, self.version):
            return Given.NO
        return Given.YES if change is None or change.holds(self.version) else Given.NO

    def member(self, module: str, name: str) -> Given:
        """Only of names that came or went with a version it is known that they are not there."""
        change = changed_names().get((module, name)) or changed_modules().get(f"{module}.{name}")
        if change is not None:
            return Given.YES if change.holds(self.version) else Given.NO
        return Given.MAYBE


@dataclass(frozen=True, slots=True)
class ManagedRuntime:
    """What Lambda's managed runtime for a Python has installed: boto3 and its kin, its own client."""

    version: Version
    hidden: bool = True

    def module(self, name: str) -> Given:
        """By top-level name: which submodules there are, changes with the runtime's updates."""
        top = name.partition(".")[0]
        if top in runtime_modules(self.version):
            return Given.YES
        return Given.MAYBE if top in unpromised_modules(self.version) else Given.NO

    def member(self, module: str, name: str) -> Given:  # noqa: ARG002  (the versions that are there change)
        """Not known."""
        return Given.MAYBE


@dataclass(frozen=True, slots=True)
class KnownLayers:
    """Public layers that are known by their ARN: the import names that they document."""

    names: frozenset[str]
    hidden: bool = True

    def module(self, name: str) -> Given:
        """By the name or a package above it."""
        parts = name.split(".")
        there = any(".".join(parts[: n + 1]) in self.names for n in range(len(parts)))
        return Given.YES if there else Given.NO

    def member(self, module: str, name: str) -> Given:  # noqa: ARG002  (their files are not here)
        """Not known."""
        return Given.MAYBE


@dataclass(frozen=True, slots=True)
class UnknownLayers:
    """Layers whose content is not known, by ARN or logical id: they may provide any module."""

    names: tuple[str, ...]
    hidden: bool = True

    def module(self, name: str) -> Given:  # noqa: ARG002
        """Nobody knows."""
        return Given.MAYBE if self.names else Given.NO

    def member(self, module: str, name: str) -> Given:  # noqa: ARG002
        """Nobody knows."""
        return Given.MAYBE


def module_given(providers: Sequence[Provider], name: str) -> Given:
    """Whether any provider has a module."""
    return max((provider.module(name) for provider in providers), default=Given.NO)


def member_given(providers: Sequence[Provider], module: str, name: str) -> Given:
    """Whether a module of the providers has a name. One denial holds unless another provider has the name."""
    answers = [provider.member(module, name) for provider in providers if provider.module(module) is Given.YES]
    return Given.YES if Given.YES in answers else min(answers, default=Given.MAYBE)

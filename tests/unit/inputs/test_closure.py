"""Which packages of a lock a target needs."""

import pytest

from lambda_slim.inputs.closure import applies, choose, marker_environment
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.locked import Lock, LockedPackage
from lambda_slim.model.target import Target

OLD, NEW = (Target(runtimes()[name], "x86_64") for name in ("python3.10", "python3.12"))
ARM = Target(runtimes()["python3.12"], "arm64")


def package(name, version="1", **more):
    return LockedPackage(name, version, **more)


PACKAGES = (
    package("web", requires=("core>=1", "tomli; python_version < '3.11'"), extras={"fast": ("speed", "web")}),
    package("core", "1.5", marker="python_version >= '3.11'", requires=("web",)),
    package("core", "1.0", marker="python_version < '3.11'"),
    package("tomli"),
    package("speed", requires=("windows-only; sys_platform == 'win32'", "arm-only; platform_machine == 'aarch64'")),
    package("arm-only"),
    package("windows-only"),
    package("only-for-tests"),
)


def names(roots, target=NEW, **more):
    chosen = choose(Lock(PACKAGES, roots=roots), target, **more)
    return [f"{one.name} {one.version}" for one in chosen.packages], chosen.missing


def test_what_the_project_requires_and_what_that_requires():
    assert names(("web",)) == (["web 1", "core 1.5"], ())


def test_markers_are_those_of_the_target():
    assert names(("web",), OLD) == (["web 1", "core 1.0", "tomli 1"], ())
    assert names(("web[fast]",), ARM)[0] == ["web 1", "core 1.5", "speed 1", "arm-only 1"]


def test_extras_bring_what_they_require_and_circles_end():
    assert names(("web[fast]",))[0] == ["web 1", "core 1.5", "speed 1"]
    assert names(("Web[Fast] ; python_version < '3'", "core"))[0] == ["web 1", "core 1.5"]


def test_what_the_lock_has_nothing_for_is_said():
    assert names(("core>=2",))[1] == ("core>=2 (the project requires it)",)
    assert names(("core>=2",), loose=True) == (["web 1", "core 1.5"], ())
    assert names(("unheard-of",))[1] == ("unheard-of (the project requires it)",)


def test_what_old_locks_never_had_is_free():
    chosen = choose(Lock((package("web", requires=("setuptools",)),), roots=("web",)), NEW)

    assert [one.line for one in chosen.packages] == ["web==1", "setuptools"]


def test_a_lock_without_roots_is_wanted_as_a_whole():
    chosen = choose(Lock(PACKAGES), NEW)

    assert [one.version for one in chosen.packages if one.name == "core"] == ["1.5"]
    assert len(chosen.packages) == len(PACKAGES) - 1


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("", True),
        ("python_version >= '3.12'", True),
        ("python_full_version < '3.12'", False),
        ("sys_platform == 'linux' and platform_machine == 'x86_64'", True),
        ("implementation_name == 'pypy'", False),
        ("extra == 'fast'", False),
        ("nonsense", True),
    ],
)
def test_markers(marker, holds):
    assert applies(marker, marker_environment(NEW)) is holds

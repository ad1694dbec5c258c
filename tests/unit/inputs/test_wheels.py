"""What uv says when there is no wheel, and what its user is told."""

import pytest

from lambda_slim.inputs.wheels import Elsewhere, Missing, failed_build, no_wheel, parse_missing, sourced
from tests.unit.factory import TARGET

EXACT = """  × No solution found when resolving dependencies:
  ╰─▶ Because numpy==1.21.0 has no usable wheels and you require numpy==1.21.0, we can conclude that your
      requirements are unsatisfiable.
"""
ABI = """error: No solution found when resolving dependencies
  cause: Because torch==2.4.0 has no wheels with a matching Python ABI tag (e.g., `cp313`) and you require
torch==2.4.0, we can conclude that your requirements are unsatisfiable.
"""
RANGE = """error: No solution found when resolving dependencies
  cause: Because all of:
             numpy<=1.9.3
             numpy>=1.10.4,<=1.21.6
         have no usable wheels and you require numpy>1,<1.22, we can conclude that
         your requirements are unsatisfiable.
"""
ALL = "error: Because all versions of pycurl have no usable wheels and you require pycurl, we can conclude"
CHAIN = (
    "error: Because old-thing==1.0 has no usable wheels and only old-thing==1.0 is available, and because app==2 "
    "depends on old-thing and you require app==2, we can conclude"
)
PYTHON = (
    "error: Because the requested Python version (>=3.10) does not satisfy Python>=3.11 and numpy==2.3.0 depends on "
    "Python>=3.11, we can conclude that numpy==2.3.0 cannot be used. And because you require numpy==2.3.0, we can"
)


@pytest.mark.parametrize(
    ("stderr", "name", "requirement"),
    [
        (EXACT, "numpy", "numpy==1.21.0"),
        (ABI, "torch", "torch==2.4.0"),
        (RANGE, "numpy", "numpy>1,<1.22"),
        (ALL, "pycurl", "pycurl"),
        (CHAIN, "old-thing", "old-thing==1.0"),
        (PYTHON, "numpy", "numpy==2.3.0"),
        ("error: something new about no usable wheels", "", ""),
    ],
)
def test_what_is_missing(stderr, name, requirement):
    missing = parse_missing(stderr)

    assert missing
    assert (missing.name, missing.requirement) == (name, requirement)


@pytest.mark.parametrize("stderr", ["", "error: Failed to fetch", "Because x was not found in the package registry"])
def test_other_failures_are_none(stderr):
    assert parse_missing(stderr) is None


def test_the_hint_says_which_version_runtime_and_architecture_would_do():
    missing = parse_missing(EXACT)
    assert missing

    error = no_wheel(missing, Elsewhere("1.26.0", ("python3.9", "python3.10"), "arm64"), TARGET)

    assert error.message == "no wheel for python3.12 x86_64 (glibc 2.34)"
    assert error.hint == (
        "numpy==1.26.0 has one; numpy==1.21.0 has one for python3.9, python3.10 (--python); "
        "numpy==1.21.0 has one for arm64 (--arch)"
    )
    assert "pypi.org" in no_wheel(missing, Elsewhere("", (), ""), TARGET).hint


def test_every_distribution_is_named_that_has_versions_without_a_wheel():
    hints = "".join(f"\n\nhint: Wheels are required for `{name}` because …" for name in ("sumy", "docopt", "docopt"))

    assert sourced(EXACT + hints) == ("sumy", "docopt")


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("psycopg2", "psycopg2-binary"),
        ("MySQLclient", "PyMySQL"),
        ("python_ldap", "ldap3"),
        ("pywin32", "sys_platform"),
    ],
)
def test_what_people_use_where_no_version_has_a_wheel(name, instead):
    error = no_wheel(Missing(name, name, ""), Elsewhere("", (), ""), TARGET)

    assert f"no version of {name} has a wheel for Linux" in error.cause
    assert instead in error.hint


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("libfoo-dev is needed", "libfoo-dev is needed"),
        ("ValueError: which files?\n\n  packages = []", "ValueError: which files?"),
        ("a.c:1:10: fatal error: foo.h: gone\nerror: command 'gcc' failed", "a.c:1:10: fatal error: foo.h: gone"),
    ],
)
def test_a_build_that_fails_is_told_by_its_own_last_reason(said, cause):
    stderr = (
        "Resolved 1 package\nerror: Failed to build `lib @ file:///lib`\n  cause: The build backend returned an error\n"
        f"  cause: Call to `x.build_wheel` failed\n\n [stderr]\n {said}\n\nhint: Build failures usually mean"
    )
    error = failed_build(stderr, TARGET)

    assert error
    assert (error.message, error.cause) == ("lib has no wheel, and its own build failed", cause)


def test_a_build_for_this_machine_alone_has_no_wheel():
    stderr = "cause: The built wheel `cext-1-cp311-cp311-linux_x86_64.whl` is not compatible with the target Python"
    error = failed_build(stderr, TARGET)

    assert error
    assert error.cause.startswith("cext-1 has compiled code and no wheel")
    assert failed_build("error: Failed to fetch", TARGET) is None

"""A full package that fails here: on Lambda too, or does it miss what only Lambda has?"""

import pytest

from lambda_slim.model.package_report import Proof
from lambda_slim.prove.elsewhere import fails_anywhere, variable_hint

START = "the full package does not start: "


def proof(error, *notes):
    return Proof("does-not-start", notes=(f"{START}{error}", *notes))


@pytest.mark.parametrize(
    "error",
    [
        "KeyError: 'TABLE_NAME'",
        "AttributeError: 'NoneType' object has no attribute 'lower'",
        "TypeError: int() argument must be a string, not 'NoneType'",
        "ValueError: TABLE is not set",
        "RuntimeError: missing environment variable TABLE",
        "ValidationError: 1 validation error for Settings",
        "NoCredentialsError: Unable to locate credentials",
        "FileNotFoundError: [Errno 2] No such file or directory: '/opt/model.bin'",
        "FileNotFoundError: [Errno 2] No such file or directory: '/mnt/data/model.bin'",
        "PermissionError: [Errno 13] Permission denied: '/efs/model.bin'",
        "OperationalError: could not connect to server",
    ],
)
def test_what_lambda_may_have(error):
    assert not fails_anywhere(proof(error))


def test_a_layer_that_is_not_here_may_have_what_is_missing():
    missing = proof("Runtime.ImportModuleError: Unable to import module 'app': No module named 'aws_lambda_powertools'")

    assert fails_anywhere(missing)
    assert not fails_anywhere(missing, layers_here=False)
    assert fails_anywhere(proof("NameError: name 'x' is not defined"), layers_here=False)


@pytest.mark.parametrize(
    "error",
    [
        "AttributeError: module 'collections' has no attribute 'Mapping'",
        "NameError: name 'env' is not defined",
        "ModuleNotFoundError: No module named 'settings'",
        "ImportModuleError: Unable to import module 'app': cannot import name 'region'",
        "ZeroDivisionError: division by zero",
        "KeyError: 'a'",
        "ValueError: invalid literal for int() with base 10: 'a'",
        "FileNotFoundError: [Errno 2] No such file or directory: 'missing.json'",
        "the process ended with exit code 3 while the module was imported",
    ],
)
def test_what_fails_on_any_machine(error):
    assert fails_anywhere(proof(error))


def test_a_variable_is_on_lambda_only_where_the_deployment_may_set_it():
    missing = proof("KeyError: 'TABLE'")

    assert not fails_anywhere(missing)
    assert fails_anywhere(missing, variables_here=True)
    assert not fails_anywhere(proof("KeyError: 'AWS_XRAY_DAEMON_ADDRESS'"), variables_here=True)
    assert not fails_anywhere(proof("KeyError: 'TABLE'", "it asked for db.example.com:5432"), variables_here=True)


def test_how_to_set_a_variable_that_is_missed():
    assert 'environment = { TABLE = "…" } in [functions.Orders]' in variable_hint(
        "Orders", "KeyError: 'TABLE' (app.py:2)"
    )
    assert variable_hint("Orders", "KeyError: 'table'") == ""


def test_what_asked_the_network_may_have_missed_an_answer():
    assert not fails_anywhere(proof("IndexError: list index out of range", "it asked for db.example.com:5432; without"))
    assert not fails_anywhere(Proof("events-fail", notes=("every event fails",)))

"""What the standard library, the runtime and layers give beside a package."""

from dataclasses import dataclass

import pytest

from lambda_slim.plan.starts.providers import (
    Given,
    KnownLayers,
    ManagedRuntime,
    StandardLibrary,
    UnknownLayers,
    member_given,
    module_given,
)

NO, MAYBE, YES = Given
V312 = (3, 12)


@dataclass
class Says:
    """A provider with one answer for modules and one for their names."""

    module_answer: Given
    member_answer: Given

    def module(self, name):
        return self.module_answer

    def member(self, module, name):
        return self.member_answer


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], MAYBE),
        ([(YES, NO)], NO),
        ([(YES, YES)], YES),
        ([(YES, MAYBE)], MAYBE),
        ([(YES, NO), (YES, MAYBE)], NO),  # a denial is knowledge, the other is not
        ([(YES, MAYBE), (YES, NO)], NO),
        ([(YES, NO), (YES, YES)], YES),
        ([(YES, YES), (YES, MAYBE)], YES),
        ([(NO, YES), (YES, NO)], NO),  # who does not have the module has no say
        ([(MAYBE, NO)], MAYBE),
    ],
)
def test_a_denial_holds_unless_another_provider_has_the_name(answers, expected):
    assert member_given([Says(*answer) for answer in answers], "module", "name") is expected


@pytest.mark.parametrize(
    ("answers", "expected"), [([], NO), ([NO, MAYBE], MAYBE), ([YES, NO], YES), ([MAYBE, YES], YES), ([NO, NO], NO)]
)
def test_the_strongest_answer_holds_for_a_module(answers, expected):
    assert module_given([Says(answer, NO) for answer in answers], "module") is expected


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("json", V312, YES),
        ("json.decoder", V312, YES),
        ("json.nothing", V312, NO),
        ("distutils", (3, 11), YES),
        ("distutils", V312, NO),
        ("tomllib", (3, 10), NO),
        ("winreg", V312, NO),
        ("_winapi", V312, NO),  # known to be of Windows
        ("_private_of_some_build", V312, MAYBE),
        ("test", V312, MAYBE),  # distributions leave it out
        ("requests", V312, NO),
    ],
)
def test_modules_of_the_standard_library(name, version, expected):
    assert StandardLibrary(version).module(name) is expected


@pytest.mark.parametrize(
    ("module", "name", "version", "expected"),
    [
        ("enum", "StrEnum", (3, 10), NO),
        ("enum", "StrEnum", (3, 11), YES),
        ("enum", "Enum", (3, 11), MAYBE),
        ("xml.etree", "cElementTree", V312, NO),
    ],
)
def test_names_of_the_standard_library(module, name, version, expected):
    assert StandardLibrary(version).member(module, name) is expected


def test_runtimes_and_layers_do_not_know_their_names():
    assert ManagedRuntime(V312).module("botocore.config") is YES
    assert ManagedRuntime(V312).module("pandas") is NO
    assert KnownLayers(frozenset({"google.cloud"})).module("google.cloud.storage") is YES
    assert KnownLayers(frozenset({"google.cloud"})).module("google") is NO
    assert UnknownLayers(("arn",)).module("anything") is MAYBE
    assert UnknownLayers(()).module("anything") is NO
    for provider in (ManagedRuntime(V312), KnownLayers(frozenset({"a"})), UnknownLayers(("arn",))):
        assert provider.member("a", "b") is MAYBE

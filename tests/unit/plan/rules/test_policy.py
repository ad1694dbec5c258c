"""What each rule says of one file, edge by edge."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.model.file import FileKind
from lambda_slim.model.imports import Edge, How, Module, Reach
from lambda_slim.model.knowledge import AppliesAt, Check, Drop, Junk, JunkScope, Keep, Recipe, Risk
from lambda_slim.model.settings import Level, Margin, Sdk, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.rules import junk, languages, observed, platform, project, recipes, secrets, services, unreachable
from tests.unit.factory import facts, file

ROOT = Path("/nowhere")
REACH = Settings(root=ROOT, level=Level.REACH)
TRACED = Settings(root=ROOT, level=Level.TRACE)


def says(rule, path, owner="lib", *, kind=None, others=(), reached=(), **evidence):
    one = file(path, owner, kind=kind)
    verdict = rule.judge(facts([one, *others], reached, **evidence))(one)
    return verdict and (verdict.keep, verdict.rule)


# platform


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lib/a.cpython-312-x86_64-linux-gnu.so", None),
        ("lib/a.cpython-312.so", None),
        ("lib/a.abi3.so", None),
        ("lib/a.so", None),
        ("lib/a.cpython-311-x86_64-linux-gnu.so", (False, "platform")),
        ("lib/a.cpython-312-aarch64-linux-gnu.so", (False, "platform")),
        ("lib/a.cpython-312-i386-linux-gnu.so", (False, "platform")),
        ("lib/a.pyd", (False, "platform")),
        ("lib/a.dll", (False, "platform")),
        ("lib/a.exe", (False, "platform")),
        ("lib/a.dylib", (False, "platform")),
        ("lib/a.dll.txt", None),
    ],
)
def test_platform_by_name(path, expected):
    assert says(platform, path) == expected
    assert says(platform, path, "") is None  # a vendored library of the project is never touched


def test_platform_by_header():
    assert says(platform, "lib/prog", wrong_platform={"lib/prog": "macOS"}) == (False, "platform")
    assert says(platform, "lib/prog", "", wrong_platform={"lib/prog": "macOS"}) is None
    assert says(platform, "lib/gpu.so", idle_gpu=frozenset({"lib/gpu.so"})) == (False, "platform")


# local data


def local(path, owner="", **evidence):
    given = {"others": [file("src/app.py")], "reached": ["src/app.py"], **evidence}
    return says(project, path, owner, **given)


def test_local_data_of_a_folder_that_nothing_names_goes():
    assert local("data/a.csv") == (False, "local-data")
    assert local("data/deep/a.csv") == (False, "local-data")


def test_local_data_stays_beside_code_and_where_it_is_named():
    assert local("src/a.csv") is None
    assert local("src/deep/a.csv") is None
    assert local("a.csv") is None
    assert local("data/a.csv", literals=frozenset({"a.csv"})) is None


def test_local_data_is_first_party_data_and_nothing_else():
    assert local("data/a.csv", "lib") is None
    assert local("data/a.py") is None
    assert local("data/a.csv", kind=FileKind.LIBRARY) is None


def test_local_data_stays_where_any_path_may_be_opened_and_where_no_code_is_known():
    assert local("data/a.csv", dynamic_path="src/app.py:7") == (True, "in-use")
    assert local("data/a.csv", reached=[]) is None
    library = {"others": [file("lib/a.py", "lib")], "reached": ["lib/a.py"]}
    assert local("data/a.csv", **library) is None  # reached code of a library says nothing about the project's


# observed


def test_of_metadata_a_trace_keeps_what_was_looked_up():
    trace = Trace(distributions=frozenset({"lib"}))

    assert says(observed, "lib-1.dist-info/METADATA", trace=trace) == (True, "observed")
    assert says(observed, "lib-1.dist-info/RECORD", trace=trace) is None
    assert says(observed, "other-1.dist-info/METADATA", "other", trace=trace) is None
    assert says(observed, "lib/METADATA", trace=trace) is None


# recipes


def recipe(*, level=AppliesAt.REACH, unless=()):
    drop = Drop(("/lib/wizard/",), "known", Risk.LIKELY, "source", level=level, unless=unless)
    return {"recipes": {"lib": Recipe("lib", drop=(drop,))}}


@pytest.mark.parametrize(
    ("settings", "level", "expected"),
    [
        (Settings(root=ROOT, level=Level.SAFE), AppliesAt.SAFE, (False, "recipe:lib")),
        (Settings(root=ROOT, level=Level.SAFE), AppliesAt.REACH, None),
        (REACH, AppliesAt.SAFE, (False, "recipe:lib")),
        (REACH, AppliesAt.REACH, (False, "recipe:lib")),
        (TRACED, AppliesAt.REACH, (False, "recipe:lib")),
    ],
)
def test_a_recipe_drops_from_its_level_on(settings, level, expected):
    assert says(recipes, "lib/wizard/a.js", settings=settings, **recipe(level=level)) == expected
    assert says(recipes, "lib/other/a.js", settings=settings, **recipe(level=level)) is None
    assert says(recipes, "lib/wizard/a.js", "", settings=settings, **recipe(level=level)) is None
    assert says(recipes, "lib/wizard/a.js", "liblike", settings=settings, **recipe(level=level)) is None


def test_a_drop_is_void_where_what_needs_the_files_is_reached_or_at_safe_merely_there():
    code = file("lib/cli.py", "lib")
    blocked = recipe(level=AppliesAt.SAFE, unless=("lib.cli",))

    assert says(recipes, "lib/wizard/a.js", others=[code], **blocked) is None
    assert says(recipes, "lib/wizard/a.js", others=[code], settings=REACH, **blocked) == (False, "recipe:lib")
    assert says(recipes, "lib/wizard/a.js", others=[code], reached=["lib/cli.py"], settings=REACH, **blocked) is None


# languages


@pytest.mark.parametrize(
    ("settings", "language", "expected"),
    [
        (REACH, "de", (False, "languages")),
        (TRACED, "de", (False, "languages")),
        (REACH, "pt_BR", None),
        (REACH, "pt", None),  # what pt-br falls back to
        (REACH, "en", None),
        (Settings(root=ROOT, level=Level.SAFE), "de", None),
    ],
)
def test_catalogs_of_languages_that_the_settings_do_not_name(settings, language, expected):
    path = f"django/contrib/auth/locale/{language}/LC_MESSAGES/django.mo"
    named = frozenset({"en", "pt-br"})

    assert says(languages, path, "django", settings=settings, languages=named) == expected
    assert says(languages, path, "django", settings=settings, languages=None) is None
    assert says(languages, path, "", settings=settings, languages=named) is None
    assert says(languages, path.replace("django.mo", "other.mo"), "lib", settings=settings, languages=named) is None


# services


@pytest.mark.parametrize(
    ("settings", "named", "expected"),
    [
        (Settings(root=ROOT, level=Level.SAFE), {"s3"}, None),
        (Settings(root=ROOT, level=Level.SAFE, sdk=Sdk.PRUNE), {"s3"}, (False, "services")),
        (REACH, {"s3"}, (False, "services")),
        (TRACED, {"s3"}, (False, "services")),
        (REACH, {"ec2"}, None),
        (REACH, None, None),
    ],
)
def test_data_of_services_that_no_code_names(settings, named, expected):
    named = None if named is None else frozenset(named)
    for path in ("botocore/data/ec2/2016-11-15/service-2.json.gz", "boto3/data/ec2/2016-11-15/resources-1.json"):
        assert says(services, path, "botocore", settings=settings, services=named) == expected
    assert says(services, "botocore/data/endpoints.json", "botocore", settings=settings, services=named) is None
    assert says(services, "mine/botocore/data/ec2/1/service-2.json", "", settings=settings, services=named) is None


# secrets


def test_secrets_stay_out_unless_they_are_allowed():
    found = {"secrets": {"keys/a.pem": "a key"}}
    allowed = Settings(root=ROOT, allow_secrets=("keys/",))

    assert says(secrets, "keys/a.pem", "", **found) == (False, "secret")
    assert says(secrets, "keys/a.pem", "", settings=allowed, **found) == (True, "secret-allowed")
    assert says(secrets, "keys/b.txt", "", settings=allowed, **found) is None


# junk


def kind(check, *, folders=False, readers=(), unless=()):
    return Junk("odd", JunkScope.ANY, ("odd/",), "odd", Risk.LIKELY, check, "s", unless, readers, folders)


def junked(path, check, *, owner="lib", folders=False, readers=(), **evidence):
    return says(junk, path, owner, junk={path: kind(check, folders=folders, readers=readers)}, **evidence)


def test_what_is_always_junk_goes_whatever_uses_it():
    path = "lib/odd/a.txt"

    assert junked(path, Check.ALWAYS, live=frozenset({path}), referenced_junk=frozenset({path})) == (False, "odd")
    assert says(junk, path) is None


@pytest.mark.parametrize(
    ("check", "evidence", "expected"),
    [
        (Check.UNIMPORTED, {}, (False, "odd")),
        (Check.UNIMPORTED, {"live": {"lib/odd/a.txt"}}, (True, "in-use")),
        (Check.UNIMPORTED, {"referenced_junk": {"lib/odd/a.txt"}}, (True, "in-use")),
        (Check.UNIMPORTED, {"junk_names": {"lib": frozenset({"a.txt"})}}, (False, "odd")),
        (Check.UNREAD, {"junk_names": {"lib": frozenset({"a.txt"})}}, (True, "in-use")),
        (Check.UNREAD, {"junk_names": {"lib": frozenset({"odd"})}}, (False, "odd")),
        (Check.UNREAD, {"junk_names": {"other": frozenset({"a.txt"})}}, (False, "odd")),
        (Check.UNREAD, {"literals": {"a.txt"}}, (False, "odd")),  # a word of the project's names files of its own
        (Check.UNREAD, {"readers": (".Storage",), "literals": {"x.Storage"}}, (True, "in-use")),
        (Check.UNIMPORTED, {"readers": (".Storage",), "literals": {"x.Storage"}}, (True, "in-use")),
        (Check.UNREAD, {"readers": (".Storage",), "literals": {"x.Other"}}, (False, "odd")),
    ],
)
def test_junk_goes_where_its_check_holds(check, evidence, expected):
    frozen = {name: frozenset(value) if isinstance(value, set) else value for name, value in evidence.items()}

    assert junked("lib/odd/a.txt", check, **frozen) == expected


def test_own_files_are_read_by_the_words_of_own_code():
    assert junked("odd/a.txt", Check.UNREAD, owner="", literals=frozenset({"a.txt"})) == (True, "in-use")
    assert junked("odd/a.txt", Check.UNREAD, owner="", junk_names={"": frozenset({"a.txt"})}) == (False, "odd")


@pytest.mark.parametrize(
    ("path", "live", "expected"),
    [
        ("lib/odd/data.csv", "lib/odd/a.py", (True, "in-use")),
        ("lib/odd/near/data.csv", "lib/odd/near/a.py", (True, "in-use")),
        ("lib/odd/near/data.csv", "lib/odd/a.py", (True, "in-use")),  # the folder above it
        ("lib/odd/far/off/data.csv", "lib/odd/a.py", (False, "odd")),
        ("lib/odd/data.csv", "lib/a.py", (False, "odd")),
        ("lib/odd/data.csv", "other/odd/a.py", (False, "odd")),
        ("lib/odd/b.py", "lib/odd/a.py", (False, "odd")),  # code is judged by itself
        ("lib/odd/b.pyc", "lib/odd/a.py", (False, "odd")),
    ],
)
def test_data_of_a_junk_folder_stays_with_the_code_near_it(path, live, expected):
    alive = frozenset({live})

    assert junked(path, Check.UNIMPORTED, folders=True, live=alive) == expected
    assert junked(path, Check.UNIMPORTED, folders=False, live=alive) == (False, "odd")


def test_at_level_trace_being_imported_keeps_no_junk_of_a_library():
    path = "lib/odd/a.txt"
    alive = frozenset({path})

    assert junked(path, Check.UNIMPORTED, live=alive, settings=TRACED, trace=Trace()) is None
    assert junked(path, Check.UNIMPORTED, live=alive, settings=TRACED) == (True, "in-use")
    assert junked(path, Check.UNIMPORTED, live=alive, settings=REACH, trace=Trace()) == (True, "in-use")
    assert junked(path, Check.UNIMPORTED, settings=TRACED, trace=Trace()) == (False, "odd")
    assert junked(
        "odd/a.txt", Check.UNIMPORTED, owner="", live=frozenset({"odd/a.txt"}), settings=TRACED, trace=Trace()
    ) == (
        True,
        "in-use",
    )


def test_folders_above_a_path():
    assert junk.folders("a/b/c.py") == ["a", "a/b"]
    assert junk.folders("c.py") == []


# unreachable


def unreached(path, owner="lib", *, settings=REACH, **evidence):
    code = [file("app.py"), file("lib/__init__.py", "lib"), file("lib/used.py", "lib"), file("lib/idle/a.py", "lib")]
    code += [file("lib/idle/__init__.py", "lib")]
    given = {"reached": ["app.py", "lib/__init__.py", "lib/used.py"], "settings": settings, **evidence}
    return says(unreachable, path, owner, others=[one for one in code if one.path != path], **given)


@pytest.mark.parametrize(
    ("path", "evidence", "expected"),
    [
        ("lib/used.py", {}, (True, "reached")),
        ("lib/more.py", {}, (False, "unreachable")),
        ("lib/table.json", {}, None),
        ("lib/idle/table.json", {}, (False, "unreachable-data")),
        ("lib/idle/deep/table.json", {}, (False, "unreachable-data")),
        ("lib/idle/table.json", {"referenced_data": frozenset({"lib/idle/table.json"})}, None),
        ("lib/idle/x.so.1", {"libraries": {"lib/idle/x.so.1": False}}, (False, "unlinked")),
        ("lib/x.so.1", {"libraries": {"lib/x.so.1": True}}, None),
        ("lib.pth", {}, None),
        ("lib-1.dist-info/METADATA", {}, None),
        ("plain/table.json", {}, None),  # in no package
    ],
)
def test_what_no_import_path_leads_to(path, evidence, expected):
    assert unreached(path, **evidence) == expected


def test_licences_of_idle_packages_and_all_of_idle_distributions():
    assert unreached("lib/idle/LICENSE", kind=FileKind.LICENCE) is None
    assert unreached("idle/table.json", "idle") == (False, "unreachable")
    assert unreached("idle-1.dist-info/METADATA", "idle") is None
    assert unreached("data/table.csv", "") is None
    assert unreached("mine.py", "") == (False, "unreachable")


def test_at_level_trace_only_own_modules_are_judged_by_reachability():
    trace = {"settings": TRACED, "trace": Trace()}

    assert unreached("lib/more.py", **trace) is None
    assert unreached("mine.py", "", **trace) == (False, "unreachable")
    assert unreached("lib/more.py", settings=TRACED) == (False, "unreachable")
    assert unreached("lib/more.py", settings=Settings(root=ROOT, level=Level.SAFE)) is None


def test_a_reached_file_names_the_import_that_leads_to_it():
    edge = Edge("app", "lib.used", 7, How.TOP)
    there, code = file("lib/used.py", "lib"), file("app.py")

    def why(first):
        reach = Reach(frozenset({"app", "lib.used"}), frozenset({"app.py", "lib/used.py"}), first)
        return unreachable.judge(facts([there, code], settings=REACH, reach=reach))(there).why

    assert why({"lib.used": edge}) == f"{How.TOP.value}: app.py:7"
    assert why({"lib.used": Edge("app", "lib.used", 0, How.TOP)}) == f"{How.TOP.value}: app.py"
    assert why({"lib.used": Edge("x.pth", "lib.used", 1, How.PTH)}) == f"{How.PTH.value}: x.pth:1"
    assert why({}) == "starts with the handler"
    assert unreachable.judge(facts([code], ["app.py"], settings=REACH))(code).why == "the handler's own module"


def test_packages_of_code_and_folders_of_data():
    files = [
        *(file("a/__init__.py", "a"), file("a/x.py", "a")),
        *(file("data/__init__.py", "a"), file("data/t.json", "a")),
        file("empty/__init__.py", "a"),
    ]
    evidence = facts(files)
    missing = Module("a.missing", "a/missing/__init__.py", package=True)
    imports = replace(evidence.imports, modules={**evidence.imports.modules, "a.missing": missing})

    assert unreachable.code_folders(replace(evidence, imports=imports)) == {"a", "empty"}


# recipes that keep


@pytest.mark.parametrize(
    ("settings", "reached", "seen", "expected"),
    [
        (Settings(root=ROOT, level=Level.SAFE), [], None, True),
        (REACH, [], None, None),
        (REACH, ["lib/code.py"], None, True),
        (TRACED, ["lib/code.py"], [], None),
        (TRACED, ["lib/code.py"], ["lib/code.py"], True),
        (Settings(root=ROOT, level=Level.TRACE, margin=Margin.NONE), ["lib/code.py"], ["lib/code.py"], None),
    ],
)
def test_a_recipe_keeps_data_of_what_is_used(settings, reached, seen, expected):
    known = {"recipes": {"lib": Recipe("lib", keep=(Keep(("/lib/data/",), "read by name", "source"),))}}
    trace = None if seen is None else Trace(modules={path: path for path in seen})
    code = [file("lib/__init__.py", "lib"), file("lib/code.py", "lib")]
    found = says(recipes, "lib/data/a.dat", others=code, reached=reached, settings=settings, trace=trace, **known)

    assert found == (expected and (True, "recipe:lib"))

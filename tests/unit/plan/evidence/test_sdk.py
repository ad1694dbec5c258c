"""May the runtime's AWS SDK take the place of the project's? All of it, or nothing."""

from pathlib import Path

import pytest

from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.evidence import SdkUse
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import Edge, How, Imports, Module
from lambda_slim.model.settings import Sdk, Settings
from lambda_slim.plan.evidence.sdk import find_sdk
from lambda_slim.plan.runtime_sdk import sdk_notes
from tests.unit.factory import facts

SET = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")
REQUIRES = {
    "boto3": ("botocore", "jmespath", "s3transfer"),
    "botocore": ("jmespath", "python-dateutil", "urllib3"),
    "s3transfer": ("botocore",),
    "python-dateutil": ("six",),
}


def tree(*direct, without=()):
    """boto3 and all that it requires, of which some are declared."""
    names = [name for name in SET if name not in without]
    return tuple(Distribution(name, "1.0", REQUIRES.get(name, ()), direct=name in direct) for name in names)


def use(*distributions, imports=None, files=()):
    return find_sdk(Resolution(None, distributions, "key"), imports or Imports({}, {}), Inventory(tuple(files)))


def imports_of_the_project(*names):
    modules = {"app": Module("app", "app.py", package=False, owner=FIRST_PARTY)}
    modules |= {name: Module(name, f"{name}.py", package=False, owner=owner) for name, owner in names}
    return Imports(modules, {"app": tuple(Edge("app", name, 1, How.TOP) for name, _ in names)})


def test_the_sdk_is_boto3_and_all_that_it_requires():
    assert use(*tree("boto3")) == SdkUse(frozenset(SET), "", ("boto3 1.0",))


def test_what_the_sdk_does_not_require_is_no_part_of_it():
    """The runtime has six because of its python-dateutil; here nothing of the SDK asks for it."""
    later = [Distribution(it.name, it.version, () if it.name == "python-dateutil" else it.requires) for it in tree()]

    assert use(*later, Distribution("awscrt", "1")).parts == frozenset(SET) - {"six"}


def test_without_an_sdk_nothing_goes():
    declared = Distribution("python-dateutil", "4.0.0", direct=True)

    assert use(declared) == SdkUse()
    assert use(declared, Distribution("urllib3", "2"), Distribution("requests", "2", ("urllib3",))) == SdkUse()


def test_botocore_alone_is_the_sdk_too():
    assert use(*tree("botocore", without={"boto3", "s3transfer"})).parts == frozenset(SET) - {"boto3", "s3transfer"}


def test_what_another_distribution_requires_is_needed():
    requests = Distribution("requests", "2", ("urllib3", "idna"))

    assert use(*tree("boto3"), requests).needed == "requests needs a part of the AWS SDK set"
    assert use(*tree("boto3"), Distribution("watchtower", "3", ("boto3",))).needed == ""


@pytest.mark.parametrize("name", ["python-dateutil", "urllib3", "jmespath", "six", "s3transfer"])
def test_what_the_project_requires_itself_is_needed(name):
    assert use(*tree("boto3", name)).needed == f"the project requires {name} 1.0 itself"


def test_of_a_list_of_everything_what_first_party_code_imports_is_needed():
    frozen = tree(*SET)

    assert use(*frozen).needed == ""
    assert use(*frozen, imports=imports_of_the_project(("boto3", "boto3"))).needed == ""
    dateutil = imports_of_the_project(("dateutil.parser", "python-dateutil"))
    assert use(*frozen, imports=dateutil).needed == "the project requires python-dateutil 1.0 itself"


def test_of_a_list_of_everything_what_libraries_import_is_not_needed():
    modules = {
        "app": Module("app", "app.py", package=False, owner=FIRST_PARTY),
        "botocore": Module("botocore", "botocore.py", package=False, owner="botocore"),
        "dateutil": Module("dateutil", "dateutil.py", package=False, owner="python-dateutil"),
    }
    edges = {"app": (Edge("app", "absent", 1, How.TOP),), "botocore": (Edge("botocore", "dateutil", 1, How.TOP),)}

    assert use(*tree(*SET), imports=Imports(modules, edges)).needed == ""


def test_of_a_list_of_everything_what_is_no_part_of_the_sdk_is_needed():
    """Its python-dateutil has no use for six, so the project's own six is not the runtime's to give."""
    requires = {it.name: () if it.name == "python-dateutil" else it.requires for it in tree()}
    frozen = [Distribution(name, "1.0", requires[name], direct=True) for name in SET]

    assert use(*frozen).needed == "the project requires six 1.0 itself"


@pytest.mark.parametrize(
    ("requires", "needed"),
    [
        ("botocore<1.41,>=1.40", "wrangler allows only `botocore<1.41,>=1.40`"),
        ("boto3==1.35.99", "wrangler allows only `boto3==1.35.99`"),
        ("boto3~=1.35.0", "wrangler allows only `boto3~=1.35.0`"),
        ("boto3>=1.20,<2", ""),
        ("boto3~=1.35", ""),
        ("boto3", ""),
        ('boto3==1.35.99 ; extra == "old"', ""),
        ("boto3-stubs==1.35.99", ""),
        ("not a requirement ===", ""),
    ],
)
def test_a_distribution_that_allows_the_sdk_only_up_to_a_version_needs_it(tmp_path, requires, needed):
    """The versions that runtimes have are not published, and change."""
    metadata = tmp_path / "METADATA"
    metadata.write_text(
        f"Metadata-Version: 2.1\nName: wrangler\nRequires-Dist: {requires}\n\nRequires-Dist: boto3==1\n"
    )
    wrangler = Distribution("wrangler", "1", ("boto3",))
    file = File("wrangler-1.dist-info/METADATA", metadata, 10, "wrangler", FileKind.METADATA)

    assert use(*tree("boto3"), wrangler, files=[file]).needed == needed


@pytest.mark.parametrize(
    ("path", "requires"),
    [
        ("wrangler-1.dist-info/METADATA", ()),  # its requirement has a marker that does not hold
        ("wrangler/vendored/METADATA", ("boto3",)),
    ],
)
def test_only_what_a_distribution_itself_asks_for_on_the_target_bounds_the_sdk(tmp_path, path, requires):
    metadata = tmp_path / "METADATA"
    metadata.write_text("Name: wrangler\nRequires-Dist: boto3==1.35.99\n\n")
    file = File(path, metadata, 10, "wrangler", FileKind.METADATA)

    assert use(*tree("boto3"), Distribution("wrangler", "1", requires), files=[file]).needed == ""


def test_a_requirement_that_cannot_be_read_hides_none_after_it(tmp_path):
    metadata = tmp_path / "METADATA"
    metadata.write_text("Name: wrangler\nRequires-Dist: not a requirement ===\nRequires-Dist: boto3==1.35.99\n\n")
    file = File("wrangler-1.dist-info/METADATA", metadata, 10, "wrangler", FileKind.METADATA)

    needed = use(*tree("boto3"), Distribution("wrangler", "1", ("boto3",)), files=[file]).needed

    assert needed == "wrangler allows only `boto3==1.35.99`"


def test_what_the_sdk_says_of_itself_is_no_reason(tmp_path):
    metadata = tmp_path / "METADATA"
    metadata.write_text("Metadata-Version: 2.1\nName: boto3\nRequires-Dist: botocore<1.44,>=1.43\n\n")
    file = File("boto3-1.dist-info/METADATA", metadata, 10, "boto3", FileKind.METADATA)

    assert use(*tree("boto3"), files=[file]).needed == ""


def notes(sdk, choice=Sdk.RUNTIME):
    evidence = facts([], settings=Settings(root=Path("/nowhere"), sdk=choice), sdk=sdk)
    return [(note.level, note.message) for note in sdk_notes(evidence)]


def test_the_report_says_which_versions_the_runtime_chooses_or_why_the_sdk_ships():
    parts = frozenset({"boto3"})

    assert notes(SdkUse(parts, "", ("boto3 1.44.8",))) == [
        ("info", "the runtime gives its own version in place of boto3 1.44.8")
    ]
    assert notes(SdkUse(parts, "requests needs urllib3")) == [
        ("info", "the whole AWS SDK ships: requests needs urllib3")
    ]
    assert notes(SdkUse(parts, "")) == notes(SdkUse()) == notes(SdkUse(parts, "x"), Sdk.KEEP) == []

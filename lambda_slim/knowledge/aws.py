"""What is known of the AWS SDK: its distributions, and which of its files belong to which service: `aws.toml`."""

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class AwsData:
    """The SDK's distributions and the layout of its data.

    Attributes:
        folders: Package folders that hold one folder a service.
        internal: Services that the SDK itself calls, to the reason.
        entrances: Modules that code imports in order to make clients.
        sdk: The distributions that are the SDK.
        companions: Distributions that it requires and the managed runtimes have, to the module that each installs.
    """

    folders: tuple[str, ...]
    internal: dict[str, str]
    entrances: frozenset[str]
    sdk: frozenset[str]
    companions: dict[str, str]

    @property
    def boto_set(self) -> frozenset[str]:
        """The distributions of the SDK that managed runtimes have; a package ships all of them or none."""
        return self.sdk | self.companions.keys()


@functools.cache
def load_aws() -> AwsData:
    """The layout, from `aws.toml`."""
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("aws.toml").read_text("utf-8"))
    internal = {row["service"]: row["why"] for row in table["internal"]}
    return AwsData(
        tuple(table["folders"]),
        internal,
        frozenset(table["entrances"]),
        frozenset(table["sdk"]),
        dict(table["companions"]),
    )


def service_of(path: str) -> str:
    """The AWS service that a package path is data of, or "" for shared and other files.

    >>> service_of("botocore/data/s3/2006-03-01/service-2.json.gz")
    's3'
    >>> service_of("botocore/data/endpoints.json")
    ''
    """
    for folder in load_aws().folders:
        if path.startswith(f"{folder}/"):
            service, slash, _ = path[len(folder) + 1 :].partition("/")
            return service if slash else ""
    return ""


def unneeded(path: str, services: Iterable[str]) -> str:
    """Why a package path is not needed when only `services` are used, or "" when it is needed or no service's data."""
    service = service_of(path)
    if not service or service in load_aws().internal or service in frozenset(services):
        return ""
    return f"data of AWS service `{service}`, which no shipped code names"

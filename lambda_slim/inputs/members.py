"""The files of a finished package, whoever built it."""

from pathlib import Path

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.base.files import read_regular
from lambda_slim.inputs.zips import MOST_BYTES, contents
from lambda_slim.model.member import Member


def read_package(place: Path) -> tuple[Member, ...]:
    """As `read_members`, of something that is to be uploaded.

    Raises:
        PackageError: one cannot be read, or there is none.
    """
    if members := read_members(place):
        return members
    raise PackageError(
        f"`{place.name or place}` has no files", cause="Lambda refuses an empty package", hint="build it again"
    )


def read_members(folder: Path) -> tuple[Member, ...]:
    """A package's files as members; links in a folder are followed.

    Raises:
        PackageError: one cannot be read.
    """
    if not folder.is_dir():
        return tuple(Member(name, data, origin=name) for name, data in sorted(contents(folder)))
    members = []
    room = MOST_BYTES
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        try:
            if path.is_file():
                data = read_regular(path, room)
                members.append(Member(name, data, origin=name))
                room -= len(data)
        except OSError as error:
            raise PackageError(
                f"cannot read `{name.encode('utf-8', 'replace').decode()}`",
                cause=error_text(error),
                hint="check the rights of the package's files",
            ) from error
    return tuple(members)

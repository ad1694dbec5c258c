"""Files that ship only because an import by a computed name may mean them."""

from collections.abc import Iterable, Iterator

from lambda_slim.base.rows import values_by_key
from lambda_slim.model.imports import Unresolved
from lambda_slim.model.report import Finding

_OWN = "*"  # what an import of first-party code keeps: any module may be meant


def unknown_findings(gaps: Iterable[Unresolved]) -> Iterator[Finding]:
    """One finding for each place in first-party code, and one for each library, at the first of its places."""
    places = values_by_key(
        (f"{gap.path}:{gap.line}" if gap.kept == _OWN else gap.kept, gap) for gap in gaps if gap.kept
    )
    for gaps_there in sorted(places.values(), key=lambda gaps: (gaps[0].kept != _OWN, gaps[0].path, gaps[0].line)):
        first = gaps_there[0]
        ships = "everything ships" if first.kept == _OWN else f"all of {first.kept.removesuffix('.*')} ships"
        more = f", and {len(gaps_there) - 1} more" if len(gaps_there) > 1 else ""
        message = f"{ships}: which modules `{first.expression}` means is only known at run time{more}"
        yield Finding("LS120", "info", message, file=first.path, line=first.line)

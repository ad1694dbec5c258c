"""What the user asked for: `keep`, `exclude` and `.lambdaslimignore`, all in gitignore syntax."""

from collections.abc import Sequence

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File


def judge(evidence: Evidence) -> Judge:
    """Keep wins over exclude; both win over all evidence. In `.lambdaslimignore` a `!pattern` keeps."""
    import pathspec

    def spec(patterns: Sequence[str]) -> "pathspec.GitIgnoreSpec":
        return pathspec.GitIgnoreSpec.from_lines(patterns)

    kept = spec(evidence.settings.keep)
    dropped = spec(evidence.settings.exclude)
    ignored = spec(evidence.ignore_lines)

    def opinion(file: File) -> Verdict | None:
        if evidence.settings.keep and kept.match_file(file.path):
            return Verdict(keep=True, rule="keep", why="your `keep` setting names it")
        if evidence.settings.exclude and dropped.match_file(file.path):
            return Verdict(keep=False, rule="exclude", why="your `exclude` setting names it")
        if evidence.ignore_lines:
            match = ignored.check_file(file.path)
            if match.include is not None and match.index is not None:
                line = match.index + 1
                return Verdict(keep=not match.include, rule="ignore-file", why=f".lambdaslimignore:{line}")
        return None

    return opinion

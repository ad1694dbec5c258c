"""Git repositories that requirements name: how git is let in, and which commits a build takes.

uv gives git the address of a repository as an argument, which every user of a machine can read. Git gets user names
and passwords as its settings instead, by way of its environment. And uv asks a repository again where a requirement
names no commit; what builds cannot ask, and is told the commits that were fetched.
"""

import base64
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.names import normalise

_NAMED = re.compile(r"\$\{(\w+)\}")
# `git+https://me:secret@host/name.git`, `git = "https://…"`, `url = "https://….git"` (pylock.toml)
_OPENED = re.compile(
    r"(?P<before>git\+|\bgit\s*=\s*[\"']|\burl\s*=\s*[\"'](?=[^\"']+\.git\b))(?P<scheme>https?://)"
    r"(?P<user>[^/\s\"'<>]*)@(?P<place>[^\s\"'<>@#;?,]+)"
)
_ASKED = re.compile(r"^ *Updating (\S+) \((.+)\)$", re.MULTILINE)
_GOT = re.compile(r"^ *Updated (\S+) \(([0-9a-f]{40,64})\)$", re.MULTILINE)
_REQUIRED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*) @ (git\+[^\s`'\"]+)")
_REFERENCE = re.compile(r"(git\+\w+://[^\s\"'#;@/]+(?:@[^\s\"'#;@/]+)?/[^\s\"'#;@]+)(?:@([^\s\"'#;]+))?")
_EXTRAS = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*\[([\w.,\s-]+)\]")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_USER = re.compile(r"(\w://)(?!git@)[^/\s?#\"'<>]*@")


@dataclass(frozen=True, slots=True)
class GitAccess:
    """A request in which no address of a repository holds a user.

    Attributes:
        text: What uv reads from standard input.
        files: Files with repositories, to what stands for them where that is something else.
        variables: Settings of git with what was taken out, for its environment.
    """

    text: str
    files: Mapping[Path, str]
    variables: Mapping[str, str]


def strip_users(text: str) -> str:
    """Text without user names and passwords in addresses; `git@`, as ssh has it, is nobody's.

    >>> strip_users("-i https://me:${TOKEN}@index.example/simple")
    '-i https://index.example/simple'
    """
    return _USER.sub(r"\1", text)


def git_access(text: str, files: Mapping[Path, str], environment: Mapping[str, str]) -> GitAccess:
    """Takes users out of the addresses of repositories, and makes settings of git of them.

    Args:
        text: What uv reads from standard input.
        files: What it reads beside that, with contents.
        environment: The whole environment of uv, which may hold what an address names as `${NAME}`.
    """
    headers: dict[str, str] = {}
    for content in (text, *files.values()):
        for match in _OPENED.finditer(content):
            user = _NAMED.sub(lambda name: environment.get(name[1], name[0]), match["user"])
            pair = user if ":" in user else f"{user}:"
            header = f"Authorization: Basic {base64.b64encode(unquote(pair).encode()).decode()}"
            headers.setdefault(f"{match['scheme']}{match['place']}", header)
    bare = {path: _closed(content) for path, content in files.items()}
    replaced = {path: content for path, content in bare.items() if content != files[path]}
    return GitAccess(_closed(text), replaced, _settings(headers, environment) if headers else {})


def _closed(text: str) -> str:
    return _OPENED.sub(r"\g<before>\g<scheme>\g<place>", text)


def _settings(headers: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Variables for git: a header for each repository, and for its submodules one for each host.

    Git takes the first setting that fits best, so that longer addresses come before shorter ones.
    """
    hosts: dict[str, str] = {}
    for place, header in headers.items():
        hosts.setdefault("/".join([*place.split("/")[:3], ""]), header)
    rows = sorted({**hosts, **headers}.items(), key=lambda row: -len(row[0]))
    count = int(environment.get("GIT_CONFIG_COUNT") or 0)
    variables = {"GIT_CONFIG_COUNT": str(count + len(rows)), "GIT_TERMINAL_PROMPT": "0"}
    for number, (place, header) in enumerate(rows, count):
        variables[f"GIT_CONFIG_KEY_{number}"] = f"http.{place}.extraHeader"
        variables[f"GIT_CONFIG_VALUE_{number}"] = header
    return variables


@dataclass(frozen=True, slots=True)
class Commits:
    """What uv has fetched of repositories.

    Attributes:
        commits: Address and reference (`HEAD` where none was named), to the commit.
        required: Names of distributions, to the address with the commit.
    """

    commits: Mapping[tuple[str, str], str]
    required: Mapping[str, str]

    def and_of(self, stderr: str) -> "Commits":
        """These commits, and those that a run of uv has reported."""
        asked = values_by_key((strip_users(address), reference) for address, reference in _ASKED.findall(stderr))
        commits = dict(self.commits)
        for address, commit in _GOT.findall(stderr):
            if references := asked.get(strip_users(address)):
                commits[strip_users(address), references.pop(0)] = commit
        return Commits(commits, {**self.required, **dict(_required(stderr, commits))})

    def overrides(self, texts: Iterable[str]) -> str:
        """Requirements with commits, which stand for those of the same names, with the extras that texts ask for."""
        extras: dict[str, set[str]] = {}
        for name, asked in itertools.chain.from_iterable(map(_EXTRAS.findall, texts)):
            extras.setdefault(normalise(name), set()).update(re.findall(r"[\w.-]+", asked))
        rows = {name: ",".join(sorted(extras.get(normalise(name), ()))) for name in sorted(self.required)}
        return "".join(f"{name}[{asked}] @ {self.required[name]}\n" for name, asked in rows.items())

    def pinned(self, text: str) -> str:
        """Text with commits in place of references."""
        return _REFERENCE.sub(lambda match: _with_commit(match, self.commits) or match[0], text)


def _required(stderr: str, commits: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    for name, address in _REQUIRED.findall(strip_users(stderr)):
        plain, mark, fragment = address.partition("#")
        match = _REFERENCE.fullmatch(plain)
        if match and (pinned := plain if _COMMIT.fullmatch(match[2] or "") else _with_commit(match, commits)):
            yield name, f"{pinned}{mark}{fragment}"


def _with_commit(match: re.Match[str], commits: Mapping[tuple[str, str], str]) -> str:
    commit = commits.get((match[1].removeprefix("git+"), match[2] or "HEAD"))
    return f"{match[1]}@{commit}" if commit else ""

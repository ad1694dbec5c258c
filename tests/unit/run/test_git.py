"""git is asked for files and for what changed; no program that a folder names is run."""

import subprocess

import pytest

from lambda_slim.base.errors import ConfigError
from lambda_slim.run.git import changed_since, check_out


def _git(folder, *words):
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _with_a_program(config, folder):
    """Git's settings name a program of the folder; what it writes when it runs."""
    evil = folder / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {folder / 'ran'}\n")
    evil.chmod(0o755)
    config.write_text(f"{config.read_text()}[core]\n\tfsmonitor = {evil}\n[diff]\n\texternal = {evil}\n")
    return folder / "ran"


def test_a_monitor_and_a_diff_program_of_the_repository_are_not_run(tmp_path):
    (tmp_path / "app.py").write_text("X = 1\n")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "app.py")
    _git(tmp_path, "commit", "-qm", "x")
    ran = _with_a_program(tmp_path / ".git/config", tmp_path)
    (tmp_path / "app.py").write_text("X = 2\n")

    assert tmp_path / "app.py" in changed_since(tmp_path, "HEAD")[0]
    assert not ran.exists()


def test_a_folder_that_looks_like_a_repository_is_none(tmp_path):
    """A fork may hold such a folder; its settings are not the user's."""
    root = tmp_path / "fork"
    _git(tmp_path, "init", "-q", "--bare", "fork")
    config = root / "config"
    config.write_text(config.read_text().replace("bare = true", f"bare = false\n\tworktree = {root}"))
    ran = _with_a_program(config, root)
    (root / "app.py").write_text("X = 1\n")
    _git(root, "--git-dir=.", "add", "app.py")
    _git(root, "--git-dir=.", "commit", "-qm", "x")
    ran.unlink(missing_ok=True)
    (tmp_path / "out").mkdir()

    for ask in (lambda: changed_since(root, "HEAD"), lambda: check_out(root, "HEAD", tmp_path / "out")):
        with pytest.raises(ConfigError):
            ask()
    assert not ran.exists()

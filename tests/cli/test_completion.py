"""Completion, asked by the shells themselves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

SCRIPTS = {
    "bash": """
eval "$(lambda-slim --show-completion bash)"
COMP_WORDS=({words} "{last}"); COMP_CWORD={count}
$(complete -p lambda-slim | sed -E 's/.*-F ([^ ]+).*/\\1/') lambda-slim
printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "zsh": """
env _TYPER_COMPLETE_ARGS="{words} {last}" _LAMBDA_SLIM_COMPLETE=complete_zsh lambda-slim
""",
    "fish": """
env _LAMBDA_SLIM_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
    _TYPER_COMPLETE_ARGS="{words} {last}" lambda-slim
""",
}


def completed(shell, words, last, folder, tmp_path):
    """What a shell offers after some words, for the beginning of one more."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    place = tmp_path / "bin"
    place.mkdir(exist_ok=True)
    program = place / "lambda-slim"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m lambda_slim "$@"\n')
    program.chmod(0o755)
    script = SCRIPTS[shell].format(words=" ".join(words), last=last, count=len(words))
    env = {**os.environ, "PATH": f"{place}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([shell, "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("shell", SCRIPTS)
@pytest.mark.parametrize(
    ("words", "last", "offered", "absent"),
    [
        (["lambda-slim"], "bu", "build", "analyze"),
        (["lambda-slim", "build", "--level"], "re", "reach", "safe"),
        (["lambda-slim", "build", "--bytecode"], "o", "only", "auto"),
        (["lambda-slim", "build", "--ar"], "", "", "Usage"),
        (["lambda-slim", "build", "-F"], "Or", "OrdersFunction", "InvoicesFunction"),
    ],
)
def test_commands_choices_and_functions(shell, words, last, offered, absent, tmp_path):
    told = completed(shell, words, last, ROOT / "fixtures/orders", tmp_path)

    assert offered in told
    assert absent not in told


def test_what_cannot_be_read_offers_no_function(tmp_path):
    folder = Path(tmp_path / "empty")
    folder.mkdir()

    assert completed("bash", ["lambda-slim", "build", "-F"], "", folder, tmp_path).split() == []

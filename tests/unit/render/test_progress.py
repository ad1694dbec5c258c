"""What is said on stderr while a command works."""

import subprocess
import sys

from lambda_slim.render.progress import progress_on_stderr


def test_verbose_tells_where_the_cpu_time_went_children_included(capsys):
    busy = [sys.executable, "-I", "-S", "-c", "import time\nwhile time.process_time() < 0.2: pass"]
    with progress_on_stderr(quiet=False, verbose=1) as progress:
        progress("Orders: resolving")
        progress("Orders: proving, round 1")
        subprocess.run(busy, check=True)
        progress("Users: resolving")

    head, *rows = capsys.readouterr().err.partition("CPU time by stage, ")[2].splitlines()
    assert head.endswith(" s with child processes:")
    assert [row.split()[-1] for row in rows] == ["starting", "resolving", "proving"]
    assert float(rows[2].split()[0]) >= 0.15
    assert sum(float(row.split()[2]) for row in rows) in range(98, 103)


def test_quiet_says_nothing(capsys):
    with progress_on_stderr(quiet=True, verbose=1) as progress:
        progress("Orders: resolving")
    assert capsys.readouterr().err == ""

"""What is said on stderr while a command works."""

import re
import subprocess
import sys

from lambda_slim.render.progress import progress_on_stderr
from lambda_slim.run.foreign import ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign


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


def test_verbose_names_the_programs_of_a_stage_and_what_each_took(capsys, tmp_path):
    (tmp_path / "busy.py").write_text("import time\nwhile time.process_time() < 0.2: pass\n")
    command = [sys.executable, "-I", "-S", str(tmp_path / "busy.py")]
    with progress_on_stderr(quiet=False, verbose=1) as progress:
        progress("Orders: proving")
        for job in ("scan", "compile"):
            run_foreign(ForeignProgram([*command, job], {}, tmp_path), Limits(20))
        progress("Orders: reporting")
        run_foreign(ForeignProgram(["true"], {"PATH": "/usr/bin:/bin"}, tmp_path), Limits(20))

    told = capsys.readouterr().err
    row = next(row for row in told.splitlines() if "  proving" in row)
    took = re.findall(r"busy\.py (?:scan|compile) (\d\.\d\d) s", row)
    assert len(took) == 2
    assert all(float(seconds) >= 0.2 for seconds in took)
    assert "busy.py compile 1, busy.py scan 1" in told
    assert "busy.py" not in next(row for row in told.splitlines() if "  reporting" in row)


def test_quiet_says_nothing(capsys):
    with progress_on_stderr(quiet=True, verbose=1) as progress:
        progress("Orders: resolving")
    assert capsys.readouterr().err == ""

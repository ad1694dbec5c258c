"""Ways to leave a process alive after a handler, a test run or a build backend has ended: none must work.

`python -m benchmarks.attack children`
"""

import sys
import tempfile
import time
import uuid
from pathlib import Path

from lambda_slim.run.foreign import ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign

# Code that leaves `sleep MARK` running, by name. START starts it; each way is another way to get away from its parent.
START = "import os, signal, subprocess, sys, time, threading\nMARK = sys.argv[1]\nSLEEP = ['sleep', MARK]\n"
BECOME = "os.execvp('sleep', SLEEP)\n"
WAYS = {
    "plain child": "subprocess.Popen(SLEEP)\n",
    "new session": "subprocess.Popen(SLEEP, start_new_session=True)\n",
    "new process group": "subprocess.Popen(SLEEP, process_group=0)\n",
    "double fork": "if not os.fork():\n    os.setsid()\n    if not os.fork():\n        " + BECOME + "    os._exit(0)\n",
    "nohup": "subprocess.Popen(['nohup', *SLEEP], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n",
    "setsid program": "subprocess.Popen(['setsid', '--fork', *SLEEP])\n",
    "shell in the background": "os.system('sleep ' + MARK + ' &')\n",
    "subshell": "os.system('(sleep ' + MARK + ' & ) &')\n",
    "empty environment": "subprocess.Popen(SLEEP, env={}, start_new_session=True)\n",
    "other working directory": "subprocess.Popen(SLEEP, cwd='/', start_new_session=True)\n",
    "signals ignored": (
        "if not os.fork():\n    os.setsid()\n"
        "    for number in range(1, 32):\n        try: signal.signal(number, signal.SIG_IGN)\n"
        "        except OSError: pass\n    " + BECOME
    ),
    "stopped child": "child = subprocess.Popen(SLEEP, start_new_session=True)\nos.kill(child.pid, signal.SIGSTOP)\n",
    "closed files": "if not os.fork():\n    os.setsid()\n    os.closerange(0, 256)\n    " + BECOME,
    "from a thread": (
        "thread = threading.Thread(target=lambda: subprocess.Popen(SLEEP, start_new_session=True))\n"
        "thread.start()\nthread.join()\n"
    ),
    "many": "for _ in range(30): subprocess.Popen(SLEEP, start_new_session=True)\n",
    "chain": ("for _ in range(20):\n    if os.fork(): time.sleep(0.01); os._exit(0)\n    os.setsid()\n" + BECOME),
    "after a crash": "subprocess.Popen(SLEEP, start_new_session=True)\nos.abort()\n",
    "after os._exit": "subprocess.Popen(SLEEP, start_new_session=True)\nos._exit(3)\n",
    "at exit": "import atexit\natexit.register(lambda: subprocess.Popen(SLEEP, start_new_session=True))\n",
    "runs into its limit": "subprocess.Popen(SLEEP, start_new_session=True)\ntime.sleep(600)\n",
    "kills its parent": (
        "parent = os.getppid()\nif not os.fork():\n    os.setsid()\n    " + BECOME + "os.kill(parent, signal.SIGKILL)\n"
        "time.sleep(0.2)\n"
    ),
    "kills its group": "subprocess.Popen(SLEEP, start_new_session=True)\nos.kill(0, signal.SIGKILL)\n",
}


def left_alive(name: str, *, private: bool) -> list[int]:
    """Runs one way; gives the processes that it left."""
    mark = f"600.{uuid.uuid4().int % 10**9:09d}"
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        env = {"PATH": "/usr/bin:/bin", "TMPDIR": folder}
        program = ForeignProgram([sys.executable, "-I", "-S", "-c", START + WAYS[name], mark], env, Path(folder))
        run_foreign(program, Limits(3), private=private)
    time.sleep(0.05)
    return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/cmdline") if _has(place, mark)]


def _has(place: Path, mark: str) -> bool:
    try:
        return mark.encode() in place.read_bytes()
    except OSError:
        return False


def main(seed: int, count: int) -> int:
    """Every way, with namespaces and without; `seed` and `count` do not matter here."""
    del seed, count
    failed = 0
    for private in (True, False):
        for name in WAYS:
            left = left_alive(name, private=private)
            failed += bool(left)
            print(f"{'alive' if left else 'ended'}  {'namespaces' if private else 'no namespaces'}  {name}")
    print(f"children: {2 * len(WAYS)} tried, {failed} left something alive")
    return failed

"""Compiles modules to unchecked-hash bytecode. Run by a Python of the target's minor version:

    python -I -S compile.py < requests > answers

A request is a 4-byte count, then for each module: length and bytes of its path (UTF-8), length and bytes of its source.
An answer is a 4-byte length, then 4 bytes with how much longer compiling took than loading what it made (microseconds
of CPU time), then the .pyc; length 0 means that it does not compile. Numbers are little-endian.
The code's file name is /var/task/<path>, where Lambda puts it; hash randomisation does not reach the output.
"""

import gc
import marshal
import sys
import time
import warnings
from importlib.util import MAGIC_NUMBER, source_hash

warnings.simplefilter("ignore")


def answer(path, source):
    """The time and the .pyc of one module, b"" where it does not compile."""
    data = [time.process_time()]
    try:
        code = compile(source, "/var/task/" + path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return b""
    # No variable of a name of its own: marshal marks names that something else has as well, and so would differ.
    data += [time.process_time(), marshal.dumps(code), time.process_time()]
    marshal.loads(data[2])
    data.append(data[1] - data[0] - (time.process_time() - data[3]))
    data[3] = MAGIC_NUMBER + (1).to_bytes(4, "little") + source_hash(source) + data[2]
    return max(0, round(1e6 * data[4])).to_bytes(4, "little") + data[3]


def main():
    """Answers every request."""
    gc.disable()  # what is compiled has no cycles
    sys.setrecursionlimit(10000)
    read, out = sys.stdin.buffer, sys.stdout.buffer

    def block():
        return read.read(int.from_bytes(read.read(4), "little"))

    for _ in range(int.from_bytes(read.read(4), "little")):
        path = block().decode()
        data = answer(path, block())
        out.write(len(data).to_bytes(4, "little") + data)


main()

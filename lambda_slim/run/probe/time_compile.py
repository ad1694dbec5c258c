"""Times compiling modules against loading their bytecode. Run by a Python of the target's minor version:

    python -I -S time_compile.py < requests > answers

Requests and answers are those of compile.py; an answer is text: CPU nanoseconds of compiling, of loading, and bytes of
instructions, which are the same on every run.
"""

import marshal
import sys
import time
import warnings

warnings.simplefilter("ignore")


def answer(path, source):
    """Both times of one module and its instructions; zeros where it does not compile."""
    start = time.process_time_ns()
    try:
        code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return b"0 0 0"
    compiled = time.process_time_ns() - start
    data = marshal.dumps(code)
    start = time.process_time_ns()
    marshal.loads(data)
    return b"%d %d %d" % (compiled, time.process_time_ns() - start, instructions(code))


def instructions(code):
    """Bytes of instructions of a code object with those in it."""
    inner = (const for const in code.co_consts if hasattr(const, "co_code"))
    return len(code.co_code) + sum(map(instructions, inner))


def main():
    """Answers every request."""
    sys.setrecursionlimit(10000)
    read, out = sys.stdin.buffer, sys.stdout.buffer

    def block():
        return read.read(int.from_bytes(read.read(4), "little"))

    for _ in range(int.from_bytes(read.read(4), "little")):
        path = block().decode()
        data = answer(path, block())
        out.write(len(data).to_bytes(4, "little") + data)


main()

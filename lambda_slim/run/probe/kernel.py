"""The reference kernel: CPU milliseconds for a fixed piece of work like importing, to carry figures between machines.

python -I -S kernel.py prints the least of five runs. The work loads and runs the bytecode of a generated module of
functions and classes, eight times, as INIT of a package with bytecode does; its text never changes.
"""

import marshal
import time

PATTERN = """
class C{0}:
    a{0} = {0}
    def f(self, x, y={0}):
        z = [i * y for i in range(x)]
        return {{str(i): i for i in z}}

def g{0}(*args, **more):
    try:
        return C{0}().f(len(args)) or more
    except Exception as e:
        raise ValueError(e)

D{0} = g{0}(*range(20))
"""
SOURCE = "".join(PATTERN.format(n) for n in range(400))
BYTECODE = marshal.dumps(compile(SOURCE, "<kernel>", "exec"))
TIMES = 8  # about as long as compiling and running it once, which was the kernel before


def run():
    """CPU milliseconds of one run."""
    start = time.process_time()
    for _ in range(TIMES):
        exec(marshal.loads(BYTECODE), {})
    return (time.process_time() - start) * 1000


print(min(run() for _ in range(5)))

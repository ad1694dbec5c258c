"""The reference kernel: CPU milliseconds for a fixed piece of work like importing, to carry figures between machines.

python -I -S kernel.py prints the least of five runs. The work compiles and runs a generated module of functions and
classes; its text never changes.
"""

import time

SOURCE = "".join(
    f"class C{n}:\n    a{n} = {n}\n    def f(self, x, y={n}):\n        z = [i * y for i in range(x)]\n"
    "        return {str(i): i for i in z}\n\n"
    f"def g{n}(*args, **more):\n    try:\n        return C{n}().f(len(args)) or more\n    except Exception as e:\n        raise ValueError(e)\n\n"
    f"D{n} = g{n}(*range(20))\n"
    for n in range(400)
)


def run():
    """CPU milliseconds of one run."""
    start = time.process_time()
    code = compile(SOURCE, "<kernel>", "exec")
    exec(code, {})
    return (time.process_time() - start) * 1000


print(min(run() for _ in range(5)))

"""Console scripts that a shell script of the function starts: their first line has to name Lambda's own Python."""

import re

from lambda_slim.model.target import Target

# What installers write: a path of python, or a line of `sh` for paths that are too long or have spaces.
_FIRST = re.compile(rb"#![^\n]*python[^\n]*\n|#!/bin/sh\n'''exec' [^\n]*python[^\n]*\n' '''\n")


def lambda_script(data: bytes, target: Target) -> bytes:
    """A script with the interpreter of the managed runtime in its first line; other files stay as they are.

    Source: the runtime's interpreter is /var/lang/bin/pythonX.Y (public.ecr.aws/lambda/python images).
    """
    first = _FIRST.match(data)
    if first is None:
        return data
    return b"#!/var/lang/bin/python%s\n" % target.runtime.python.encode() + data[first.end() :]

"""Builds a function for Terraform's `external` data source: a JSON object on stdin, one of strings on stdout.

Query: `source`, `handler`, `output` (a .zip), and `python`, `level`, `arch` where they are said.
Result: `filename`, `source_code_hash` (as Lambda has it), `bytes`. Failures go to stderr, and the exit code is not 0.
"""

import json
import subprocess
import sys


def main():
    """Answers one query."""
    query = json.load(sys.stdin)
    command = ["lambda-slim", "build", query["source"], "-o", query["output"], "--json", "-"]
    for name in ("handler", "python", "arch", "level"):
        command += [f"--{name}", query[name]] if query.get(name) else []
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    function = json.loads(done.stdout)["functions"][0]
    result = {
        "filename": query["output"],
        "source_code_hash": function["package"]["code_sha256"],
        "bytes": str(function["after"]["zipped_bytes"]),
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

"""Starts the command line; answers `--version`, and what earlier runs have answered, with hardly an import."""

import gc
import sys

_OBJECTS = 50_000  # new ones before unreachable cycles are looked for: 700 would be thousands of searches in a build


def main() -> None:
    """Entry point of the `lambda-slim` script."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from lambda_slim import __version__

        sys.stdout.write(f"lambda-slim {__version__}\n")
        return
    sys.argv[1:] = arguments = _entered(sys.argv[1:])  # an answer is kept and looked up under the same words
    if arguments[:1] in (["check"], ["build"], ["analyze"]):
        from lambda_slim.base.stamps import replay

        if (code := replay(arguments)) is not None:
            sys.exit(code)
    gc.set_threshold(_OBJECTS, 50, 100)
    try:
        import signal

        # What `timeout` and CI send leaves as little behind as Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from lambda_slim.cli import main as cli

        code = cli.run(arguments)
    except KeyboardInterrupt:  # while the commands were loaded, or while what was done was put away
        sys.stderr.write("interrupted\n")
        code = 130
    sys.exit(code)


def _entered(arguments: list[str]) -> list[str]:
    """The arguments without `-C DIR`, in that folder; all of them where it is not there, which is told later."""
    from lambda_slim.base.places import enter

    try:
        return enter(arguments)
    except OSError:
        return arguments


if __name__ == "__main__":
    main()

"""Starts the command line; answers `--version` and `--help` before anything heavy is imported."""

import sys


def main() -> None:
    """Entry point of the `lambda-slim` script."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from lambda_slim import __version__

        sys.stdout.write(f"lambda-slim {__version__}\n")
        return
    from lambda_slim import cli

    sys.exit(cli.run(sys.argv[1:]))


if __name__ == "__main__":
    main()

"""`lambda-slim cost`: what a dependency would add to this project. Runs INIT, with and without it, to time it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, ResolveError
from lambda_slim.base.files import write_text
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override, session
from lambda_slim.model.report import Price
from lambda_slim.tasks.cost import price

Wanted = Annotated[list[str], typer.Argument(help="requirements: httpx, 'httpx[http2]>=0.27'", show_default=False)]
Target = Annotated[Path, typer.Option("--target", help="project folder or template")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=50, help="how often imports are timed")]
NoImport = Annotated[bool, typer.Option("--no-import", help="do not run and time imports")]


def command(
    requirements: Wanted,
    target: Target = Path(),
    runs: Runs = 5,
    no_import: NoImport = False,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Prices requirements before they are added, "here" beside "alone"; exit 3 where one cannot be had."""
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.price import prices_json, render_prices

    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
    )
    prices: list[Price] = []
    failed: list[tuple[str, str]] = []
    with session(
        target,
        directory=directory,
        config=config,
        handler=handler,
        overrides=overrides,
        quiet=quiet,
        verbose=verbose,
    ) as opened:
        for one in opened.project.functions:
            for wanted in requirements:
                try:
                    found = price(one, opened.settings, wanted, runs=0 if no_import else runs, progress=opened.progress)
                except ResolveError as error:
                    failed.append((wanted, "; ".join(filter(None, (error.message, error.cause, error.hint)))))
                else:
                    prices.append(found)
    if json and json != Path("-"):
        write_text(json, prices_json(prices, failed))
    if json == Path("-"):
        sys.stdout.write(prices_json(prices, failed))
    else:
        sys.stdout.write(render_prices(prices, failed, look_of_stdout()))
    return ExitCode.UNANALYSABLE if failed else ExitCode.OK

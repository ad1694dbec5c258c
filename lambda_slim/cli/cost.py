"""`lambda-slim cost`: what a dependency would add to this project. Runs INIT, with and without it, to time it."""

import sys
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, ResolveError
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import session
from lambda_slim.cli._spread import spread
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.model.price import Price
from lambda_slim.tasks.cost import price

Wanted = Annotated[list[str], typer.Argument(help="requirements: httpx, 'httpx[http2]>=0.27'", show_default=False)]
Target = Annotated[Path, typer.Option("--target", help="project folder or template")]
Runs = Annotated[int, typer.Option("--runs", metavar="N", min=1, max=50, help="how often imports are timed")]
NoImport = Annotated[bool, typer.Option("--no-import", help="do not run and time imports")]


@spread
def command(
    *,
    requirements: Wanted,
    target: Target = Path(),
    runs: Runs = 5,
    no_import: NoImport = False,
    project: flags.ProjectFlags,
    run: flags.RunFlags,
    json: flags.Json = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Prices requirements before they are added, "here" beside "alone"; exit 3 if one cannot be resolved."""
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.price import prices_json, render_prices

    prices: list[Price] = []
    failed: list[tuple[str, str]] = []
    with session(target, project, progress, run.settings()) as opened:
        for function, requirement in product(opened.project.functions, requirements):
            try:
                row = price(
                    function, opened.settings, requirement, runs=0 if no_import else runs, progress=opened.progress
                )
            except ResolveError as error:
                reasons = filter(None, (error.message, error.cause, error.hint))
                failed.append((requirement, "; ".join(reasons)))
            else:
                prices.append(row)
    write_result(json, prices_json(prices, failed))
    if json != STDOUT:
        sys.stdout.write(render_prices(prices, failed, look_of_stdout()))
    return ExitCode.UNANALYSABLE if failed else ExitCode.OK

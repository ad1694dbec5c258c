"""Two examples of every command, which its help ends with; the pages of the commands begin with them."""

EXAMPLES = {
    "analyze": ("lambda-slim analyze", "lambda-slim analyze -F Orders --html report.html"),
    "why": ("lambda-slim why botocore/data/ec2", "lambda-slim why requests --level reach"),
    "cost": ("lambda-slim cost httpx", "lambda-slim cost 'pandas>=2' polars --no-import"),
    "diff": ("lambda-slim diff git:main .", "lambda-slim diff old.zip new.zip --html diff.html"),
    "files": ("lambda-slim files --explain", "lambda-slim files -F Orders --level reach"),
    "audit": ("lambda-slim audit dist/Orders.zip", "lambda-slim audit .aws-sam/build"),
    "build": ("lambda-slim build -o dist", "lambda-slim build -e events/order.json -o dist"),
    "slim": ("lambda-slim slim cdk.out", "lambda-slim slim .aws-sam/build --undo"),
    "verify": (
        "lambda-slim verify dist/Orders.zip -e events/order.json",
        "lambda-slim verify slim.zip --against full.zip --handler app.handler --python 3.12",
    ),
    "trace": (
        "lambda-slim trace -e events/order.json -o traces/orders.json",
        "lambda-slim trace --command 'pytest tests/handlers'",
    ),
    "reproduce": ("lambda-slim reproduce", "lambda-slim reproduce . -F Orders"),
    "check": ("lambda-slim check", "lambda-slim check --no-import --against git:main"),
    "lint": ("lambda-slim lint src/", "lambda-slim lint --fix src/app.py"),
    "merge": (
        "lambda-slim merge report-*.json",
        "lambda-slim merge report-1.json report-2.json --markdown comment.md",
    ),
    "init": ("lambda-slim init", "lambda-slim init --yes"),
    "cache": ("lambda-slim cache", "lambda-slim cache verify"),
    "calibrate": ("lambda-slim calibrate logs.txt -F Orders", "lambda-slim calibrate logs/*.json"),
    "explain": ("lambda-slim explain", "lambda-slim explain LS120"),
    "schema": ("lambda-slim schema report", "lambda-slim schema settings"),
}


def examples_of(name: str) -> str:
    """The examples as the end of a command's help, not to be folded."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in EXAMPLES[name])])

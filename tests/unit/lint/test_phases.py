"""Which code runs in INIT and which in INVOKE."""

from lambda_slim.lint.judge import read_program
from lambda_slim.lint.modules import Source
from lambda_slim.lint.phases import BODY, phases
from lambda_slim.render.phases import render_phases

APP = """
import shop

CLIENT = shop.connect()


def handler(event, context):
    if event.get("rare"):
        return rare()
    return shop.sell(CLIENT)


def rare():
    return 1
"""
SHOP = """
def connect():
    return tune()


def tune():
    return 2


def sell(client):
    return tune()


def forgotten():
    return 3
"""


def told():
    sources = [Source("app.py", APP), Source("shop.py", SHOP), Source("tool.py", "X = 1")]
    return phases(read_program(sources, ["app.handler"])[0])


def test_every_body_and_function_has_its_phases():
    assert {(row.path, row.name): (row.init, row.invoke) for row in told()} == {
        ("app.py", BODY): (True, ""),
        ("app.py", "handler"): (False, "always"),
        ("app.py", "rare"): (False, "sometimes"),
        ("shop.py", BODY): (True, ""),
        ("shop.py", "connect"): (True, ""),
        ("shop.py", "tune"): (True, "always"),
        ("shop.py", "sell"): (False, "always"),
        ("shop.py", "forgotten"): (False, ""),
        ("tool.py", BODY): (False, ""),
    }


def test_the_text_has_a_block_for_each_file():
    text = render_phases(tuple(told()))
    assert "app.py\n  INIT                          (module):1\n  INVOKE                        handler:7\n" in text
    assert "  INIT, INVOKE                  tune:6\n" in text
    assert "  no call of it is known        forgotten:14\n" in text
    assert text.endswith("tool.py\n  not imported in INIT          (module):1\n")


def test_a_package_of_the_same_name_as_its_folder_is_found_from_below_the_root():
    sources = [
        Source("one/src/one/__init__.py", ""),
        Source("one/src/one/app.py", "import one.models\n\n\ndef handler(event, context): ..."),
        Source("one/src/one/models.py", ""),
    ]
    found = {row.path: row.init for row in phases(read_program(sources)[0]) if row.name == BODY}
    assert found == dict.fromkeys(found, True)


def test_a_long_chain_of_calls_is_followed_as_far_as_it_goes():
    chain = "".join(f"def f{number}():\n    return f{number + 1}()\n" for number in range(400))
    text = f"{chain}def f400():\n    return 1\ndef handler(event, context):\n    return f0()\n"

    program = read_program([Source("app.py", text)], ["app.handler"])[0]

    assert program.invoked()["app", "f30"]

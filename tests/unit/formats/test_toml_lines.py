"""On which line does a key stand?"""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.formats.toml_lines import find_lines

TEXT = """\
# levels
level = "reach"

[functions.Orders]  # one
handler = "a.b"
"memory" = 128
[functions."with.dot"]
budgets.zipped = "1 MiB"
[[rows]]
x = 1
[[rows]]
x = 2
"""


def test_keys_and_tables():
    assert find_lines(TEXT) == {
        "level": 2,
        "functions.Orders": 4,
        "functions.Orders.handler": 5,
        "functions.Orders.memory": 6,
        "functions.with.dot": 7,
        "functions.with.dot.budgets.zipped": 8,
        "rows": 9,
        "rows.x": 10,
    }


names = st.text("abcXYZ09-_", min_size=1, max_size=8)


@given(st.dictionaries(names, st.dictionaries(names, st.integers(0, 9), min_size=1), max_size=5))
def test_every_key_of_a_file_has_its_line(tables):
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = {value}\n" for key, value in rows.items()) for table, rows in tables.items()
    )

    found = find_lines(text)

    assert set(found) == {*tables, *(f"{table}.{key}" for table, rows in tables.items() for key in rows)}
    for name, line in found.items():
        assert name.rpartition(".")[2] in text.splitlines()[line - 1]
    assert tomllib.loads(text) == tables

"""What only some functions use, what a split saves, and when a shared layer pays."""

from dataclasses import replace

from lambda_slim.model.sharing import Sharing, Split
from lambda_slim.plan.sharing import SharedItem, Side, Unneeded, compare, is_worth, propose_layer, spare_of
from lambda_slim.render.console import Look
from lambda_slim.render.page import shared_tables
from lambda_slim.render.sharing import layer_lines, sharing_text

MB = 1024**2


def item(path, owner="", *, size=100, used=True, kept=True, code=True):
    return SharedItem(path, owner, "1.0" if owner else "", size, size // 2, code, kept, used)


def side(name, *items, target="python3.12 x86_64"):
    return Side(name, target, items)


def big(size, *, used=True, kept=True):
    return (item("big/__init__.py", "big", used=used, kept=kept), item("big/x.so", "big", size=size, kept=kept))


def test_what_all_use_and_what_nobody_uses_is_no_news():
    both = (item("app.py"), item("lib/__init__.py", "lib"), item("idle/__init__.py", "idle", used=False))

    assert compare([side("A", *both), side("B", *both)]) == ()
    assert spare_of([side("A", *both), side("B", *both)]) == {}


def test_a_distribution_that_one_function_uses_and_another_carries():
    a = side("A", item("a.py"), item("lib/__init__.py", "lib"), item("lib/data.bin", "lib", size=900, code=False))
    b = side("B", item("a.py"), *(replace(one, used=False, kept=False) for one in a.items[1:]))

    (row,) = compare([a, b])
    assert (row.name, row.version, row.bytes, row.used_by, row.unused_by) == ("lib", "1.0", 1000, ("A",), ("B",))
    assert spare_of([a, b]) == {"B": Unneeded(frozenset({"lib"}), frozenset(), 1000)}


def test_another_version_is_another_distribution():
    a = side("A", item("lib/__init__.py", "lib"))
    b = side("B", replace(item("lib/__init__.py", "lib", used=False), version="2.0"))

    assert compare([a, b]) == ()


def test_own_code_is_named_by_the_widest_folder_of_the_same_users():
    paths = ("src/a/app.py", "src/a/more/x.py", "src/b/app.py", "src/b/y.py", "src/common.py")
    users = {"A": ("src/a/", "src/common"), "B": ("src/b/app", "src/common"), "C": ("src/b/y", "src/common")}
    sides = [side(name, *(item(p, used=p.startswith(uses)) for p in paths)) for name, uses in users.items()]

    assert [(row.name, row.used_by) for row in compare(sides)] == [
        ("src/a/", ("A",)),
        ("src/b/app.py", ("B",)),
        ("src/b/y.py", ("C",)),
    ]


def test_own_data_is_not_judged():
    a, b = (side(name, item("table.json", used=False, code=False)) for name in "AB")

    assert compare([a, b]) == ()


def test_a_layer_pays_where_most_of_each_zip_is_shared():
    sides = [side(name, item(f"{name}.py"), *big(40 * MB)) for name in "ABC"]
    layer = propose_layer(sides)

    assert layer
    assert (layer.functions, layer.distributions) == (("A", "B", "C"), ("big 1.0",))
    assert layer.apart_zipped_bytes == 3 * layer.zipped_bytes
    assert layer.most_added == ("A", 0)
    assert "40.0 MiB less" in " ".join(layer_lines(layer))


def test_the_set_of_functions_that_saves_most_is_proposed():
    small = item("small/__init__.py", "small", size=4 * MB)
    sides = [side("A", *big(40 * MB)), side("B", *big(40 * MB), small), side("C", small)]
    layer = propose_layer(sides)

    assert layer
    assert layer.functions == ("A", "B")


def test_no_layer_for_little_for_one_function_or_for_what_does_not_ship():
    assert propose_layer([side("A", *big(MB)), side("B", *big(MB))]) is None
    assert propose_layer([side("A", *big(40 * MB))]) is None
    assert propose_layer([side("A", *big(40 * MB)), side("B", *big(40 * MB, kept=False))]) is None
    assert propose_layer([side("A", *big(40 * MB)), side("B", *big(40 * MB), target="python3.13 x86_64")]) is None


def test_no_layer_that_brings_a_function_much_that_it_does_not_use():
    part = item("big/part.so", "big", size=4 * MB)
    whole = [part, item("big/rest.so", "big", size=60 * MB)]

    assert propose_layer([side("A", *whole), side("B", part)]) is None


def test_no_layer_where_one_of_its_functions_uses_little_of_it():
    part = item("big/part.so", "big", size=4 * MB)
    whole = [part, item("big/rest.so", "big", size=60 * MB)]

    assert propose_layer([side("A", *whole), side("B", *whole)])
    assert propose_layer([side("A", *whole), side("B", *whole), side("C", part)]) is None


def test_no_layer_over_the_limit_of_250_mib():
    own = item("a/own.so", "a", size=200 * MB)
    part, rest = (item(f"big/{name}.so", "big", size=40 * MB) for name in "xy")

    assert propose_layer([side("A", own, part), side("B", own, part, rest)]) is None


def test_the_text_says_what_a_split_saves_of_both_packages():
    a = side("A", item("lib/__init__.py", "lib", size=3 * MB))
    b = side("B", item("b.py"), item("lib/__init__.py", "lib", size=3 * MB, used=False))
    splits = (Split("B", 8 * MB, 3 * MB, 4 * MB, MB), Split("A", 8 * MB, MB, 4 * MB, 0))
    text = "".join(sharing_text(Sharing(compare([a, b]), splits), Look()))

    assert "lib 1.0            3.0 MiB  A        B" in text
    told = " ".join(text.split())
    assert "B 3.0 MiB of 8.0 MiB 1.0 MiB of 4.0 MiB" in told
    assert "A 1.0 MiB of 8.0 MiB nothing of 4.0 MiB" in told


def test_the_page_has_the_same_and_the_layer():
    a = side("A", item("lib/__init__.py", "lib", size=3 * MB), *big(40 * MB))
    b = side("B", item("b.py"), item("lib/__init__.py", "lib", size=3 * MB, used=False), *big(40 * MB))
    found = shared_tables(Sharing(compare([a, b]), (Split("B", 4 * MB, 3 * MB, 1, 0),), propose_layer([a, b])))

    assert found["shared"] == [(("lib 1.0", "", ""), ("3.0 MiB", "num", ""), ("used by A", "path", "unused in B"))]
    assert [(name[0], saved[0]) for name, saved, _ in found["splits"]] == [("B", "3.0 MiB of 4.0 MiB")]
    assert found["layer"][0][0][0].startswith("A shared layer would pay for A, B (python3.12 x86_64): big 1.0")
    assert shared_tables(None) == {}


def test_a_layer_has_to_save_a_mebibyte_and_a_tenth_of_what_its_functions_weigh():
    assert is_worth(MB, 10 * MB)
    assert not is_worth(MB - 1, 5 * MB)
    assert not is_worth(2 * MB, 30 * MB)
    assert is_worth(3 * MB, 30 * MB)


def test_a_layer_has_no_distribution_that_one_of_its_functions_does_not_ship():
    alone = side("A", *big(40 * MB), item("solo/__init__.py", "solo", size=2 * MB))
    proposal = propose_layer([alone, side("B", *big(40 * MB))])

    assert proposal is not None
    assert proposal.distributions == ("big 1.0",)

from lambda_slim.inputs.dependency_tree import read_dependencies


def install(tree, name, *requires):
    folder = tree / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nProvides-Extra: more\n"]
    lines += [f"Requires-Dist: {row}\n" for row in requires]
    (folder / "METADATA").write_text("".join(lines), "utf-8")
    (folder / "RECORD").write_text("", "utf-8")


def test_what_is_there_for_an_extra_is_required_by_who_has_the_extra(tmp_path):
    install(tmp_path, "jose", "rsa", 'Crypto_Graphy>=1; extra == "more"')
    install(tmp_path, "rsa")
    install(tmp_path, "crypto-graphy")

    assert read_dependencies(tmp_path) == {"jose": ("crypto-graphy", "rsa"), "rsa": (), "crypto-graphy": ()}


def test_an_extra_of_what_is_required_anyway_adds_nothing(tmp_path):
    install(tmp_path, "jose", "rsa", 'rsa; extra == "more"')
    install(tmp_path, "rsa", "base")
    install(tmp_path, "base", 'jose; extra == "more"')

    graph = read_dependencies(tmp_path)
    assert graph is not None
    assert graph["rsa"] == ("base",)
    assert set(graph["jose"]) == {"rsa"}


def test_an_extra_that_another_distribution_asks_for_counts_and_one_that_lacks_something_does_not(tmp_path):
    install(tmp_path, "web", "server[fast]", "gone")
    install(tmp_path, "server", 'loop; extra == "fast"', 'ssl; extra == "safe"', 'nowhere; extra == "safe"')
    install(tmp_path, "loop")
    install(tmp_path, "ssl")

    assert read_dependencies(tmp_path) == {"web": ("server",), "server": ("loop",), "loop": (), "ssl": ()}


def test_markers_hold_as_on_linux_and_what_is_no_requirement_is_passed_over(tmp_path):
    install(tmp_path, "a", 'b; sys_platform == "linux"', 'c; sys_platform == "win32"', "d (>= broken")
    for name in "bcd":
        install(tmp_path, name)

    assert read_dependencies(tmp_path)["a"] == ("b",)


def test_lines_of_the_description_are_no_requirements_and_folded_ones_are_whole(tmp_path):
    install(tmp_path, "a", "b;\n  python_version >= '3.8'")
    (tmp_path / "a-1.0.dist-info" / "METADATA").open("a").write("\nRequires-Dist: c\n")
    for name in "bc":
        install(tmp_path, name)

    assert read_dependencies(tmp_path)["a"] == ("b",)

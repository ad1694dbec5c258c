from lambda_slim.run.dependency_tree import read_dependencies


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

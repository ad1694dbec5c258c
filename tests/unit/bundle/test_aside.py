"""Former states of packages that were slimmed where they lie."""

import json
import os
from dataclasses import asdict

import pytest

from lambda_slim.base.errors import PackageError, UsageError, WriteError
from lambda_slim.base.journal import PlaceMove, digest_place
from lambda_slim.bundle.aside import NAME, Aside, Slimmed
from lambda_slim.model.slimmed import PackageSizes, SlimmedPackage, SlimmedText
from lambda_slim.tasks.slim.undo import undo


@pytest.fixture
def aside(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"full")
    return Aside(tmp_path, tmp_path)


def slimmed(aside, kept):
    place = aside.folder / "a.zip"
    row = SlimmedPackage("a.zip", "a.zip", kept, digest_place(place), "x", "k", ("F",), PackageSizes(4, 2))
    return Slimmed((row,), (SlimmedText("t.json", "", "b", "a"),))


def slim(aside):
    """Puts another zip in the place of the first, and keeps that."""
    place, new = aside.folder / "a.zip", aside.staged("a.zip")
    kept = aside.kept("a.zip", digest_place(place))
    assert kept.endswith(".zip")  # which tools that package a project leave out
    state = slimmed(aside, kept)
    new.write_bytes(b"slim")
    (aside.place / kept).parent.mkdir(exist_ok=True)
    move = PlaceMove(str(place), str(new), str(aside.place / kept), digest_place(place), digest_place(new))
    aside.commit([move], state)
    return state, aside.place / kept


def test_a_change_and_what_is_known_of_it(aside):
    with aside.held():
        state, kept = slim(aside)

    assert (aside.folder / "a.zip").read_bytes() == b"slim"
    assert kept.read_bytes() == b"full"
    assert aside.read() == state
    assert not aside.begun


def test_a_folder_that_holds_nothing_goes(aside):
    with aside.held():
        assert aside.place.is_dir()

    assert not (aside.folder / NAME).exists()


def test_what_nobody_knows_of_is_removed(aside):
    with aside.held():
        _, kept = slim(aside)
    (kept.parent / "odd").write_text("")
    (kept.parent / "folder").mkdir()
    aside.staged("left").parent.mkdir(exist_ok=True)
    aside.staged("left").write_text("")

    with aside.held():
        pass

    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert not aside.staged("left").exists()


def test_without_packages_no_state_is_kept(aside):
    with aside.held():
        slim(aside)
        aside.commit([], Slimmed())

    assert aside.read() == Slimmed()
    assert not aside.place.exists()


def test_the_same_state_is_not_written_again(aside):
    with aside.held():
        state, _ = slim(aside)
        written = (aside.place / "slimmed.json").stat().st_mtime_ns
        aside.commit([], state)

        assert (aside.place / "slimmed.json").stat().st_mtime_ns == written


def test_a_change_that_was_killed_is_finished(aside):
    place, new = aside.folder / "a.zip", aside.staged("a.zip")
    new.parent.mkdir(parents=True)
    new.write_bytes(b"slim")
    move = PlaceMove(str(place), str(new), "", digest_place(place), digest_place(new))
    (aside.place / "journal.json").write_text(json.dumps([asdict(move)]))
    assert aside.begun

    with aside.held():
        pass

    assert place.read_bytes() == b"slim"


def test_one_process_at_a_time(aside):
    with aside.held(), pytest.raises(UsageError, match="is being slimmed by another process"):
        Aside(aside.folder, aside.folder).held().__enter__()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"packages": [{}], "texts": []}', '{"packages": 3, "texts": []}'])
def test_a_damaged_state_is_none(aside, text):
    aside.place.mkdir()
    (aside.place / "slimmed.json").write_text(text)

    assert aside.read() == Slimmed()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(WriteError, match="cannot write in"):
        Aside(tmp_path / "file", tmp_path).held().__enter__()


@pytest.fixture
def home(tmp_path_factory):
    """A folder that is none of the project's."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "precious").write_text("mine")
    return folder


@pytest.mark.parametrize("name", ["", "kept", "new", "slimmed.json", "journal.json", ".lock"])
def test_a_link_that_came_with_the_project_is_not_followed(aside, home, name):
    place = aside.place / name
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(home, target_is_directory=True)

    with pytest.raises(PackageError, match="is a link"), aside.held():
        pass
    assert [path.name for path in home.iterdir()] == ["precious"]


@pytest.mark.parametrize("way", ["absolute", "up", "link"])
def test_a_journal_or_a_state_that_came_with_the_project_changes_nothing_elsewhere(aside, home, way):
    (aside.folder / "out").symlink_to(home, target_is_directory=True)
    names = {"absolute": home / "new", "up": f"{aside.folder}/../{home.name}/new", "link": aside.folder / "out" / "new"}
    (aside.place / "kept").mkdir(parents=True)
    (evil := aside.place / "kept" / ("0" * 24)).write_text("evil")
    path = os.path.relpath(names[way], aside.folder) if way != "absolute" else str(names[way])
    text = SlimmedText(path, f"kept/{evil.name}", digest_place(evil), "")
    (aside.place / "slimmed.json").write_text(json.dumps({"packages": [], "texts": [asdict(text)]}))
    undo(aside)
    assert not (home / "new").exists()

    evil.parent.mkdir(parents=True, exist_ok=True)
    evil.write_text("evil")
    journal = [asdict(PlaceMove(str(names[way]), str(evil), "", "", "x"))]
    (aside.place / "journal.json").write_text(json.dumps(journal))
    with pytest.raises(PackageError, match="is not one that lambda-slim wrote"), aside.held():
        pass
    assert [path.name for path in home.iterdir()] == ["precious"]


def test_former_states_outlive_a_damaged_state(aside):
    with aside.held():
        _, kept = slim(aside)
    state = aside.place / "slimmed.json"
    state.write_text(state.read_text()[:40])

    assert undo(aside) == ()
    with aside.held():
        pass

    assert kept.read_bytes() == b"full"
    assert state.exists()

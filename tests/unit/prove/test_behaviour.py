"""Comparing two runs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.model.behaviour import Behaviour
from lambda_slim.model.run import Answer, Run
from lambda_slim.prove.behaviour import ANY_LOG, differences, short, steady, tidy, unstable_fields

PACKAGE = Path("/tmp/pkg/task")


def session(body="{}", *, kind="response", logs="", init=None, code=None):
    return Run(init, (Answer("put", kind, body),), code, logs=logs, client="c")


def test_paths_times_and_ids_do_not_count():
    one = session(logs="2026-01-01T10:00:00Z took 12 ms /tmp/pkg/task/a.py 0x7f0000aa\n")
    other = session(logs="2027-02-02T11:11:11Z took 99 ms /elsewhere/task/a.py 0x7f00bbbb\n")
    assert differences(tidy(one, PACKAGE), tidy(other, Path("/elsewhere/task"))) == ()


def test_a_silent_fallback_is_a_difference():
    found = differences(tidy(session('{"v": "1.2"}'), PACKAGE), tidy(session('{"v": "unknown"}'), PACKAGE))
    assert [one.where for one in found] == ["event put"]


def test_a_crash_must_be_the_same():
    crash = session('{"errorType": "KeyError", "errorMessage": "x", "stackTrace": ["1"]}', kind="error")
    same = session('{"errorType": "KeyError", "errorMessage": "x", "stackTrace": ["2"]}', kind="error")
    other = session('{"errorType": "ImportError", "errorMessage": "x"}', kind="error")
    assert differences(tidy(crash, PACKAGE), tidy(same, PACKAGE)) == ()
    assert differences(tidy(crash, PACKAGE), tidy(other, PACKAGE))


def test_declared_fields_are_ignored_wherever_they_are():
    one, other = ('{"a": {"id": 1, "b": 2}}', '{"a": {"id": 9, "b": 2}}')
    for ignore in (["id"], ["a.id"]):
        assert differences(tidy(session(one), PACKAGE, ignore), tidy(session(other), PACKAGE, ignore)) == ()
    assert differences(tidy(session(one), PACKAGE, ["b.id"]), tidy(session(other), PACKAGE, ["b.id"]))


def test_fields_that_differ_between_equal_runs_are_named():
    first = tidy(session('{"a": {"n": 1, "b": 2}, "l": [{"t": 1}]}'), PACKAGE)
    second = tidy(session('{"a": {"n": 7, "b": 2}, "l": [{"t": 2}]}'), PACKAGE)
    assert unstable_fields(first, second) == ("a.n", "l.t")


def test_an_event_that_only_one_run_has_answered_names_no_field():
    first, second = (tidy(session('{"a": 1}'), PACKAGE), tidy(Run(None, (), None, logs="", client="c"), PACKAGE))

    assert unstable_fields(first, second) == ()


def both(first, second):
    return steady(tidy(first, PACKAGE), tidy(second, PACKAGE))


def test_a_result_that_is_never_the_same_proves_nothing():
    base = both(session("0.1"), session("0.2"))
    assert base.unsteady == {"put"}
    assert differences(base, tidy(session("0.3"), PACKAGE)) == ()


def test_errors_whose_message_varies_are_compared_by_their_type():
    def crash(kind, message):
        return session(json.dumps({"errorType": kind, "errorMessage": message}), kind="error")

    base = both(crash("E", "at 1"), crash("E", "at 2"))
    assert differences(base, tidy(crash("E", "at 3"), PACKAGE)) == ()
    assert differences(base, tidy(crash("ImportError", "at 3"), PACKAGE))


def test_log_lines_that_vary_are_compared_by_their_words():
    base = both(session(logs="sampled 0.71\n"), session(logs="sampled 0.13\n"))
    assert differences(base, tidy(session(logs="sampled 0.99\n"), PACKAGE)) == ()
    assert differences(base, tidy(session(logs="sampled 0.99\nfalling back\n"), PACKAGE))


def test_checksums_and_signatures_in_log_lines_are_no_words():
    lines = "PUT checksum 'oHqkWg==' signed by AKIA/20260101/s3 9fceb0 zK3/qP0x\n", "PUT checksum 'ZZabCD==' signed by "
    base = both(session(logs=lines[0]), session(logs=lines[1] + "AKIA/20260102/s3 0aa1d7 Qw9+aa1b\n"))
    assert differences(base, tidy(session(logs=lines[1] + "AKIA/20260103/s3 77c0de r0/Lab2\n"), PACKAGE)) == ()
    assert differences(base, tidy(session(logs=lines[1] + "nobody\n"), PACKAGE))


def test_of_tracebacks_that_vary_the_last_line_counts():
    """Of calls side by side, now one and now another is the first to fail."""
    frame = '  File "/var/task/app.py", line {}, in {}\n{}\n'
    base = both(
        session(logs=frame.format(3, "one", "OSError: no")), session(logs=frame.format(5, "two", "OSError: no"))
    )
    assert differences(base, tidy(session(logs=frame.format(9, "three", "OSError: no")), PACKAGE)) == ()
    assert differences(base, tidy(session(logs=frame.format(9, "three", "ImportError: no")), PACKAGE))


def test_times_and_ids_in_results_do_not_count():
    one, other = (f'{{"at": "2026-01-0{day}T10:00:00Z", "file": "/tmp/pkg/task/x"}}' for day in (1, 2))
    assert differences(tidy(session(one), PACKAGE), tidy(session(other), PACKAGE)) == ()


def test_another_exit_or_log_line_is_a_difference():
    base = Behaviour("", {}, ("warning: slow path",), None, "c")
    assert differences(base, Behaviour("", {}, (), None, "c"))[0].where == "log"
    assert differences(base, Behaviour("", {}, ("warning: slow path",), 1, "c"))[0].where == "exit"
    assert differences(replace(base, unsteady=frozenset({ANY_LOG})), Behaviour("", {}, (), None, "c")) == ()


@pytest.mark.parametrize(
    ("more", "init"),
    [
        ({}, ""),
        ({"code": 3}, ""),
        ({"code": 3, "ready": False}, "the process ended with exit code 3 while the module was imported"),
        ({"stopped": "time"}, "no answer within the time limit"),
        ({"stopped": "memory", "ready": False}, "it came to its limit of memory"),
        ({"init_error": '{"errorType": "KeyError", "errorMessage": "x", "stackTrace": []}'}, "KeyError: x"),
    ],
)
def test_how_init_ended(more, init):
    assert tidy(replace(session(), **more), PACKAGE).init == init


def test_an_exit_code_counts_where_nothing_else_differs():
    full = Behaviour("", {"put": ("response", 1)}, (), None, "c")

    assert [change.where for change in differences(full, replace(full, exit=1))] == ["exit"]
    assert [change.where for change in differences(full, replace(full, results={}, exit=1))] == ["event put"]


def test_an_event_that_only_the_slim_package_answers_is_a_difference():
    full = Behaviour("", {}, (), None, "c")

    slim = replace(full, results={"put": ("response", 1)})
    assert [change.where for change in differences(full, slim)] == ["event put"]


def test_a_module_from_the_spare_archive_is_a_difference_of_its_own():
    line = "lambda-slim: No module named 'a' in the package, loaded from its spare archive (why)"
    full = Behaviour("", {}, (), None, "c")

    changes = differences(full, replace(full, logs=(line,)))

    assert [(change.where, change.slim) for change in changes] == [("spare archive", line)]


def test_the_line_that_names_what_is_missing_comes_first():
    full = Behaviour("", {}, (), None, "c")

    (change,) = differences(full, replace(full, logs=("a warning", "b: No module named 'c'")))

    assert change.slim == """["b: No module named 'c'", "a warning"]"""


def test_lists_of_other_lengths_differ_as_a_whole():
    first, second = (tidy(session(body), PACKAGE) for body in ('{"l": [1]}', '{"l": [1, 2]}'))

    assert unstable_fields(first, second) == ("l",)


def test_errors_of_two_types_prove_nothing():
    one, other = (session(f'{{"errorType": "{kind}"}}', kind="error") for kind in ("E", "F"))

    assert both(one, other).unsteady == {"put"}


def test_a_value_is_cut_at_200_characters():
    assert (short("a" * 200), short("a" * 201)) == ("a" * 200, "a" * 200 + "…")

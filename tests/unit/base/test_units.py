"""Bytes and times."""

import pytest

from lambda_slim.base.units import (
    parse_size,
    parse_time,
    plural,
    show_added,
    show_change,
    show_percent,
    show_size,
    show_time,
)


def test_sizes_need_a_unit():
    assert parse_size("60 MiB") == 60 * 1024**2
    with pytest.raises(ValueError, match="unit"):
        parse_size("60")
    with pytest.raises(ValueError, match="size"):
        parse_size("-1 MiB")
    with pytest.raises(ValueError, match="size"):
        parse_size(f"{'9' * 400} MiB")  # no float


def test_shown_sizes_are_binary():
    assert [show_size(n) for n in (0, 512, 1536, 43_410_000)] == ["0 B", "512 B", "1.5 KiB", "41.4 MiB"]


def test_times():
    assert parse_time("1.5 s") == 1_500_000
    assert [show_time(n) for n in (600, 198_000, 1_400_000, 12_000_000)] == ["0.6 ms", "198 ms", "1.4 s", "12 s"]


def test_shares_and_counts_in_words():
    pairs = ((100, 21), (10_000, 7), (10_000, 9_999), (1, 5), (1, 1))
    assert [show_percent(*pair) for pair in pairs] == ["79", "99.9", "<0.1", "400", "0"]
    told = ["79 % less", "99.9 % less", "<0.1 % less", "5.0 times as large", "no change"]
    assert [show_change(*pair) for pair in pairs] == told
    assert [plural(n, noun) for n, noun in ((1, "library"), (2, "library"), (2, "day"))] == [
        "1 library",
        "2 libraries",
        "2 days",
    ]


def test_differences_have_a_sign():
    assert [show_added(n) for n in (1536, 0, -1536)] == ["+1.5 KiB", "+0 B", "−1.5 KiB"]

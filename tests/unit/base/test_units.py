"""Bytes and times."""

import pytest

from lambda_slim.base.units import parse_size, parse_time, show_size, show_time


def test_sizes_need_a_unit():
    assert parse_size("60 MiB") == 60 * 1024**2
    with pytest.raises(ValueError, match="unit"):
        parse_size("60")
    with pytest.raises(ValueError, match="size"):
        parse_size("-1 MiB")


def test_shown_sizes_are_binary():
    assert [show_size(n) for n in (0, 512, 1536, 43_410_000)] == ["0 B", "512 B", "1.5 KiB", "41.4 MiB"]


def test_times():
    assert parse_time("1.5 s") == 1_500_000
    assert [show_time(n) for n in (600, 198_000, 1_400_000, 12_000_000)] == ["0.6 ms", "198 ms", "1.4 s", "12 s"]

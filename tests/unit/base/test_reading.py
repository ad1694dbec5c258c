"""Files from outside: nothing is waited for, nothing is read without end."""

import errno
import os

import pytest

from lambda_slim.base.files import read_loosely, read_regular, read_regular_text


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.py")
    with pytest.raises(OSError, match="a pipe or a device"):
        read_regular(tmp_path / "x.py")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_link_to_a_device_is_no_file(tmp_path, device):
    (tmp_path / "x.py").symlink_to(device)
    with pytest.raises(OSError, match="a pipe or a device"):
        read_regular(tmp_path / "x.py")


def test_sizes_come_before_bytes(tmp_path):
    with (tmp_path / "big").open("wb") as file:
        file.truncate(30 << 30)
    with pytest.raises(OSError, match="longer than") as caught:
        read_regular(tmp_path / "big")
    assert caught.value.errno == errno.EFBIG


def test_files_of_proc_say_0_and_hold_more():
    with pytest.raises(OSError, match="longer than 3 B"):
        read_regular("/proc/self/status", 3)
    assert b"VmRSS" in read_regular("/proc/self/status")


def test_a_folder_and_nothing_are_told(tmp_path):
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "x")
    with pytest.raises(OSError, match="too long"):
        read_regular(tmp_path / ("x" * 300))


def test_text_is_decoded_as_it_says(tmp_path):
    (tmp_path / "requirements.txt").write_bytes("idna==3.7\r\nsix\r\n".encode("utf-16"))
    assert read_regular_text(tmp_path / "requirements.txt") == "idna==3.7\r\nsix\r\n"
    (tmp_path / "x").write_bytes(b"a\xe9")
    with pytest.raises(ValueError, match="UTF-8"):
        read_regular_text(tmp_path / "x")
    assert read_loosely(tmp_path / "x") == "a\ufffd"

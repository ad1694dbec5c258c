import zlib

from lambda_slim.formats.deflation import deflate_level, deflated


def test_each_level_reads_back_and_the_higher_is_no_larger():
    text = b"".join(b"%d: a line of text that repeats\n" % n for n in range(5000))

    normal, hard = (deflated(text, deflate_level(release=release)) for release in (False, True))

    assert zlib.decompress(normal, -15) == text == zlib.decompress(hard, -15)
    assert len(hard) <= len(normal) < len(deflated(text, 9))


def test_a_large_package_takes_a_quicker_level_unless_it_is_a_release():
    sizes = (10 << 20, 100 << 20)

    assert [deflate_level(release=False, size=size) for size in sizes] == [10, 6]
    assert [deflate_level(release=True, size=size) for size in sizes] == [12, 12]

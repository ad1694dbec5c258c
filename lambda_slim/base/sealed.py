"""Bytes with a digest of themselves and of their place, by which damaged and misplaced entries are recognised."""

from hashlib import blake2b

_SIGN = b"lambda-slim 1\n"
_SIZE = 32  # bytes of the digest


def seal(name: str, data: bytes) -> bytes:
    """Data with a digest of itself and of the name that it is kept under.

    >>> unseal("a", seal("a", b"data")), unseal("b", seal("a", b"data"))
    (b'data', None)
    """
    return _SIGN + _digest(name, data) + data


def unseal(name: str, sealed: bytes | None) -> bytes | None:
    """The data that was sealed under a name; None for anything damaged, cut short, or kept under another name."""
    head = len(_SIGN) + _SIZE
    if not sealed or not sealed.startswith(_SIGN):
        return None
    data = sealed[head:]
    return data if _digest(name, data) == sealed[len(_SIGN) : head] else None


def _digest(name: str, data: bytes) -> bytes:
    label = name.encode("utf-8", "surrogateescape")
    state = blake2b(len(label).to_bytes(4, "little") + label, digest_size=_SIZE)
    state.update(data)
    return state.digest()

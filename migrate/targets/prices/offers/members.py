"""Members of a JSON document far larger than memory, one by one, in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TextIO

__all__ = ["walk_members"]

_CHUNK = 1 << 20
_LARGEST = 1 << 28  # characters of one member; a product of a price list has some thousand
_WHITE = " \t\r\n"
_AFTER_NUMBER = frozenset(f"{_WHITE},}}]")

Path = tuple[str, ...]


def walk_members(stream: TextIO, opened: Callable[[Path], bool]) -> Iterator[tuple[Path, Any]]:
    """Every member of a JSON object, with the path of its keys.

    Parameters
    ----------
    stream
        The document.
    opened
        Says of a path whether the object there is walked itself; any other value is given whole.

    Raises
    ------
    ValueError
        It is not a JSON object, ends too early, or has a member of more than 2^28 characters.
    """
    text = _Text(stream)
    yield from _object(text, (), opened)
    if text.peek():
        raise ValueError("there is more after the end of the document")


def _object(text: _Text, path: Path, opened: Callable[[Path], bool]) -> Iterator[tuple[Path, Any]]:
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        key = text.value()
        if not isinstance(key, str):
            raise ValueError("a key is not a string")  # noqa: TRY004 -- the document is wrong, not the caller
        text.take(":")
        here = (*path, key)
        if opened(here) and text.peek() == "{":
            yield from _object(text, here, opened)
        else:
            yield here, text.value()
        if text.peek() == "}":
            text.take("}")
            return
        text.take(",")


class _Text:
    """What was read of a stream and not yet used."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    def _more(self, size: int) -> bool:
        read = self._stream.read(size)
        self._buffer = self._buffer[self._at :] + read
        self._at = 0
        if len(self._buffer) > _LARGEST:
            raise ValueError("a member is too large for a price list")
        return bool(read)

    def peek(self) -> str:
        """The next character that is not white; empty at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _WHITE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more(_CHUNK):
                return ""

    def take(self, mark: str) -> None:
        """Pass over a mark that has to stand here."""
        if self.peek() != mark:
            raise ValueError(f"{mark!r} is missing")
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if not self._more(size):
                    raise ValueError(error.msg) from None
            except RecursionError:
                raise ValueError("it is nested too deeply") from None
            else:
                length = end - self._at
                whole = not isinstance(value, int | float) or self._buffer[end : end + 1] in _AFTER_NUMBER
                if whole or not self._more(size):  # `1`, `1.` and `1e` may be the beginning of a longer number
                    self._at += length
                    return value
            size *= 2

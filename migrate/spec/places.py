"""Which line of a TOML text each key, table and list item stands on: `tomllib` does not say."""

from __future__ import annotations

import bisect
import re
import tomllib

__all__ = ["Place", "lines_of"]

#: Keys and indices from the root to a value, such as ``("rule", 0, "before", "first")``.
Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_TEXT = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']|'(?!\'\'))*+'{3,5}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+\'''', re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}#\n]*+")


def lines_of(text: str) -> dict[Place, int]:
    """The line of everything in a text that `tomllib` has accepted, counted from 1."""
    return _Walk(text).places


class _Walk:
    """One pass over a valid text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Place, int] = {}
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._items: dict[Place, int] = {}  # tables so far of each [[list of tables]]
        table: Place = ()
        while self._blank() < len(text):
            if text[self.at] != "[":
                self._pair(table)
                continue
            repeated = text.startswith("[[", self.at)
            line = self._line()
            self.at += 2 if repeated else 1
            *outer, last = self._key()
            table = (*self._inside((), outer), last)
            if repeated:
                self._items[table] = self._items.get(table, -1) + 1
            table = self._inside(table[:-1], [last])
            self._mark(table, line)
            self.at += 2 if repeated else 1

    def _blank(self) -> int:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _line(self) -> int:
        return bisect.bisect_left(self._ends, self.at) + 1

    def _mark(self, place: Place, line: int) -> None:
        for depth in range(1, len(place) + 1):
            self.places.setdefault(place[:depth], line)

    def _inside(self, table: Place, keys: list[str]) -> Place:
        """Follow keys downwards: a list of tables means the last one so far."""
        for key in keys:
            table = (*table, key)
            if table in self._items:
                table = (*table, self._items[table])
        return table

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._blank()
            match = _KEY.match(self.text, self.at)
            if match is None:
                return parts or [""]
            self.at = match.end()
            raw = match[0]
            parts.append(next(iter(tomllib.loads(f"{raw} = 0"))) if raw[0] in "\"'" else raw)
            self._blank()
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _pair(self, table: Place) -> None:
        line = self._line()
        place = (*table, *self._key())
        self._mark(place, line)
        self.at += 1  # the equals sign
        self._value(place)

    def _value(self, place: Place) -> None:
        self._blank()
        opening = self.text[self.at : self.at + 1]
        if opening in ("[", "{"):
            self._several(place, "]" if opening == "[" else "}")
            return
        match = (_TEXT if opening in ('"', "'") else _PLAIN).match(self.text, self.at)
        self.at = max(match.end() if match else 0, self.at)

    def _several(self, place: Place, closing: str) -> None:
        self.at += 1
        index = 0
        while self._blank() < len(self.text) and self.text[self.at] != closing:
            if closing == "}":
                self._pair(place)
            else:
                self._mark((*place, index), self._line())
                self._value((*place, index))
            index += 1
            self._blank()
            self.at += self.text.startswith(",", self.at)
        self.at += 1

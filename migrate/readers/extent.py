"""How far the cells of a worksheet reach, before a reader lays them out as a rectangle in memory.

One stray cell at the far end of a sheet makes a rectangle of gigabytes. What a workbook says of its own dimensions is
not believed: every reference is looked at, in one pass over the XML in bounded pieces. Nothing is expanded on the way.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["Extent", "extent_of", "part_of"]

_PIECE = 1 << 22  # bytes unpacked at a time
_LONGEST_TAG = 1 << 20  # bytes of one tag or comment
_LARGEST_INDEX = 16_000_000  # bytes of the lists of sheets; real ones have some kilobytes

# places in the scanner's memory, which lives from piece to piece
_ROW, _COLUMN, _PENDING, _LAST_ROW, _LAST_COLUMN, _WIDE_ROW, _FAR_COLUMN, _FILLED = range(8)


@dataclass(frozen=True)
class Extent:
    """The rectangle from A1 that holds every cell with a value, and how many such cells there are."""

    rows: int
    columns: int
    filled: int
    farthest: str  # the cell that reaches farthest down, or right where that is what makes it large


def extent_of(archive: zipfile.ZipFile, part: str) -> Extent | None:
    """Measure one worksheet; None when the part is damaged."""
    memory = np.zeros(8, np.int64)
    memory[_ROW] = -1
    rest = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                buffer = rest + piece
                rest = buffer[_scan(np.frombuffer(buffer, np.uint8), memory) :]
                if len(rest) > _LONGEST_TAG:
                    return None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return None
    rows, columns = int(memory[_LAST_ROW]), int(memory[_LAST_COLUMN])
    lowest, rightmost = (rows, int(memory[_FAR_COLUMN])), (int(memory[_WIDE_ROW]), columns)
    row, column = max(lowest, rightmost, key=lambda cell: cell[0] * cell[1])
    return Extent(rows, columns, int(memory[_FILLED]), f"{_letters(column)}{row}")


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member of the archive that holds a worksheet; None when its lists do not lead to one."""
    members = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    relation = next(
        (
            value
            for given in _elements(archive, members.get("xl/workbook.xml"), "sheet")
            if given.get("name") == sheet
            for key, value in given.items()
            if key.rpartition(":")[2] == "id"
        ),
        None,
    )
    for given in _elements(archive, members.get("xl/_rels/workbook.xml.rels"), "Relationship"):
        if relation is not None and given.get("Id") == relation:
            target = posixpath.normpath(posixpath.join("/xl", given.get("Target", "").replace("\\", "/")))
            return members.get(target.lstrip("/").lower()) or members.get(f"xl{target}".lower())
    return None


class _DoctypeError(Exception):
    """Office Open XML has no document types; one is there to declare entities."""


def _elements(archive: zipfile.ZipFile, member: str | None, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of that local name."""
    if member is None or archive.getinfo(member).file_size > _LARGEST_INDEX:
        return []
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    def refuse(*_: object) -> None:
        raise _DoctypeError

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(archive.read(member), True)
    except (expat.ExpatError, _DoctypeError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        return []
    return found


def _letters(column: int) -> str:
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@njit(cache=True)
def _scan(text: npt.NDArray[np.uint8], memory: npt.NDArray[np.int64]) -> int:  # noqa: C901, PLR0912, PLR0915 -- one pass
    """Look at every whole tag; give the place of the first that is not whole.

    A row without a reference follows the one before it, and so does a cell. A cell counts once a value (``v``, ``is``)
    begins in it: sheets whose empty cells are formatted to the last row are common and harmless.
    """
    size = text.size
    at = 0
    while at < size:
        if text[at] != 60:  # <
            at += 1
            continue
        if at + 4 > size:
            return at
        if text[at + 1] == 33 and text[at + 2] == 45:  # a comment: to the next -->
            end = at + 6
            while end < size and not (text[end] == 62 and text[end - 1] == 45 and text[end - 2] == 45):
                end += 1
            if end >= size:
                return at
            at = end + 1
            continue
        end, quote, reference = at + 1, 0, 0  # the tag's end, outside quotes; where the value of the attribute r begins
        name = at + 1
        while end < size and text[end] != 62 and text[end] != 47 and text[end] > 32:  # local name: after the colon
            if text[end] == 58:
                name = end + 1
            end += 1
        name_end = end
        while end < size and (quote != 0 or text[end] != 62):
            character = text[end]
            if quote != 0:
                if character == quote:
                    quote = 0
            elif character in (34, 39):  # a quotation mark
                quote = character
                before = end - 1
                while before > name_end and (text[before] <= 32 or text[before] == 61):
                    before -= 1
                if text[before] == 114 and text[before - 1] <= 32:
                    reference = end + 1
            end += 1
        if end >= size:
            return at
        length = name_end - name
        first = text[name] if length > 0 else 0
        closed = text[end - 1] == 47
        is_cell = length == 1 and first == 99
        is_row = length == 3 and first == 114 and text[name + 1] == 111 and text[name + 2] == 119
        if is_cell or is_row:
            row, column = 0, 0
            place = reference
            while reference != 0 and place < end:
                character = text[place]
                if 48 <= character <= 57 and row < 1 << 30:
                    row = row * 10 + character - 48
                elif 65 <= character <= 90 and column < 1 << 30:
                    column = column * 26 + character - 64
                elif 97 <= character <= 122 and column < 1 << 30:
                    column = column * 26 + character - 96
                else:
                    break
                place += 1
            if is_row:
                memory[_ROW] = row - 1 if row > 0 else memory[_ROW] + 1
                memory[_COLUMN] = -1
                memory[_PENDING] = 0
            else:
                if row > 0:
                    memory[_ROW] = row - 1
                memory[_COLUMN] = column - 1 if column > 0 else memory[_COLUMN] + 1
                memory[_PENDING] = 0 if closed else 1
        elif memory[_PENDING] == 1 and not closed:
            value = (length == 1 and first == 118) or (length == 2 and first == 105 and text[name + 1] == 115)
            if value:
                memory[_PENDING] = 0
                memory[_FILLED] += 1
                row, column = memory[_ROW] + 1, memory[_COLUMN] + 1
                if row > memory[_LAST_ROW]:
                    memory[_LAST_ROW] = row
                    memory[_FAR_COLUMN] = column
                elif row == memory[_LAST_ROW] and column > memory[_FAR_COLUMN]:
                    memory[_FAR_COLUMN] = column
                if column > memory[_LAST_COLUMN]:
                    memory[_LAST_COLUMN] = column
                    memory[_WIDE_ROW] = row
        at = end + 1
    return size

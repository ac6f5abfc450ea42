"""What a section of the paper is made of. Every text is cleaned here; to Typst it is text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from migrate.reports.html.axes import Tick
from migrate.reports.html.chart import HEIGHT, WIDTH, Chart
from migrate.reports.html.grid import Bars, Grid
from migrate.reports.html.summary import Figure
from migrate.reports.visible import shortened

__all__ = ["FILLS", "Block", "Row", "bars", "chart", "grid", "points", "section", "stripes", "table", "tiles", "words"]

Block = dict[str, Any]

FILLS = {"source": "#6f8fb3", "target": "#2b9a8b", "both": "#e6a23c", "once": "#9277b5", "saving": "#2b9a8b", "loss": "#c77a62",
         "low": "#6f8fb3", "high": "#e6a23c", "replication": "#6f8fb3", "hypercare": "#2b9a8b"}  # fmt: skip
_LONGEST_WORDS, _LONGEST_CELL = 1_200, 90
_INK = "#18222d"


@dataclass(frozen=True)
class Row:
    """One row of horizontal bars: `bars` as begin and width in percent and fill, `marks` in percent."""

    label: str
    value: str
    bars: tuple[tuple[float, float, str], ...]
    marks: tuple[float, ...] = ()


def section(title: str, *blocks: Block | None, new_page: bool = False) -> Block:
    """A section with the blocks that there are."""
    return {"title": title, "new_page": new_page, "blocks": [block for block in blocks if block is not None]}


def words(text: str, *, quiet: bool = False, title: str = "") -> Block:
    """Running text."""
    return {"kind": "words", "title": title, "text": shortened(text, _LONGEST_WORDS), "quiet": quiet}


def points(items: Sequence[str], title: str = "") -> Block | None:
    """A list with bullets; None without items."""
    said = [shortened(item, _LONGEST_WORDS) for item in items]
    return {"kind": "points", "title": title, "items": said} if said else None


def tiles(figures: Sequence[Figure], across: int = 4, title: str = "") -> Block:
    """Key figures."""
    shown = [{"label": f.label, "value": f.value, "note": shortened(f.note, 90), "tone": f.tone or "plain"} for f in figures]
    return {"kind": "tiles", "title": title, "across": across, "items": shown}


def table(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    right: Sequence[int] = (),
    total: bool = False,
    note: str = "",
    longest: int = _LONGEST_CELL,
) -> Block | None:
    """A table; `widths` are relative, columns in `right` aligned right, `total` makes the last row bold. None without rows."""
    if not rows:
        return None
    cells = [[shortened(cell, longest) for cell in row] for row in rows]
    return {"kind": "table", "title": title, "head": list(head), "rows": cells, "widths": list(widths), "right": list(right),
            "total": total, "note": shortened(note, _LONGEST_WORDS)}  # fmt: skip


def grid(data: Grid | None, longest: int = _LONGEST_CELL) -> Block | None:
    """A table of the page."""
    if data is None:
        return None
    return table(
        data.title, data.head, data.rows, data.widths, right=data.right, total=data.total, note=data.note, longest=longest
    )


def stripes(data: Bars | None) -> Block | None:
    """Bars of the page."""
    if data is None:
        return None
    rows = [
        Row(
            stripe.label,
            stripe.value,
            tuple((piece.at, piece.width, FILLS[piece.kind]) for piece in stripe.segments),
            (data.mark.at,) if data.mark else (),
        )
        for stripe in data.stripes
    ]
    key = [(FILLS[kind], label) for kind, label in data.key]
    return bars(data.title, rows, key=key, ticks=data.ticks, label_width=6.4, value_width=3.4)


def chart(title: str, data: Chart | None, label: str, *, height: float = 4.8, line: str = "") -> Block | None:
    """A chart of the page: the same paths, drawn in a box `height` cm high. `line` says what the line is."""
    if data is None:
        return None
    key = [{"fill": FILLS[area.key], "label": area.label} for area in data.areas]
    key += [{"fill": _INK, "label": line}] if line else []
    paths = "".join(f"<path d={quoteattr(area.path)} fill={quoteattr(FILLS[area.key])}/>" for area in data.areas)
    if data.line:
        paths += f'<path d={quoteattr(data.line)} fill="none" stroke="{_INK}" stroke-width="2.2"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}">'
    return {"kind": "chart", "title": title, "svg": f"{drawing}{paths}</svg>", "label": label, "height": height, "key": key,
            "money": _ticks(data.money), "times": _ticks(data.times), "zero": data.zero,
            "mark": asdict(data.mark) if data.mark else None}  # fmt: skip


def bars(
    title: str, rows: Sequence[Row], *, key: Sequence[tuple[str, str]] = (), ticks: Sequence[Tick] = (), label_width: float = 3.2,
    value_width: float = 3.0,
) -> Block | None:  # fmt: skip
    """Horizontal bars on one axis; many rows become low. None without rows."""
    if not rows:
        return None
    height = min(11.0, max(2.5, 560.0 / len(rows)))
    every = 1 if height >= 8 else round(9 / height)
    shown = [
        {
            "label": shortened(row.label, 60) if at % every == 0 else "",
            "value": shortened(row.value, 40) if at % every == 0 else "",
            "bars": [{"at": at_, "width": width, "fill": fill} for at_, width, fill in row.bars],
            "marks": list(row.marks),
        }
        for at, row in enumerate(rows)
    ]
    return {"kind": "bars", "title": title, "rows": shown, "times": _ticks(ticks), "label_width": label_width,
            "value_width": value_width, "row_height": height, "gap": 2.0 if height >= 8 else 0.5,
            "key": [{"fill": fill, "label": label} for fill, label in key]}  # fmt: skip


def _ticks(ticks: Sequence[Tick]) -> list[Block]:
    return [asdict(tick) for tick in ticks]

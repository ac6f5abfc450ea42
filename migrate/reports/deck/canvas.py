"""Slides in one look: a title that says the point, text, tiles, tables and native charts. All text is text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from migrate.reports.deck.fixed_zip import fixed_zip
from migrate.reports.html.grid import Grid
from migrate.reports.visible import shortened

__all__ = ["ACCENT", "BAD", "GOOD", "INK", "QUIET", "Deck", "Slide", "colour"]

INK, QUIET, ACCENT, GOOD, BAD = "18222D", "5C6B7A", "1D5B86", "17705F", "AD4420"
_BAND, _TILE, _RULE = "10283B", "F2F5F8", "D7DEE5"
_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.55
_FONT = "Arial"
_BLANK = 6  # layout of the default template
_LONGEST_WORDS = 600
_MARGINS = 0.14  # inches of a cell, left and right
_LETTERS, _NAMES = 132.0, 150.0  # letters in an inch at one point: of keys and figures, and of words
_NOTHING = "\u00a0"  # an empty cell would be as high as the default letters


def colour(value: str) -> Any:
    """A colour from its six hexadecimal digits."""
    return RGBColor.from_string(value)


class Deck:
    """A presentation, 16:9. No clock is read: the same plan gives the same bytes."""

    def __init__(self, title: str, author: str, created: Any) -> None:
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
        properties = self._file.core_properties
        properties.title, properties.author, properties.last_modified_by = title, author, author
        properties.created = properties.modified = created
        self._foot = shortened(title, 90)

    def slide(self, title: str) -> Slide:
        """Add a slide whose title is its message."""
        page = self._file.slides.add_slide(self._file.slide_layouts[_BLANK])
        return Slide(page, title, self._foot, len(self._file.slides))

    def packed(self) -> bytes:
        """The file."""
        written = io.BytesIO()
        self._file.save(written)
        return fixed_zip(written.getvalue())


class Slide:
    """One slide. Places and sizes are inches from the top left corner."""

    width = _WIDTH - 2 * _EDGE
    left = _EDGE
    top = 1.45
    bottom = 6.95

    def __init__(self, page: Any, title: str, foot: str, number: int) -> None:
        self._shapes = page.shapes
        band = self._shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(_WIDTH), Inches(1.15))
        _fill(band, _BAND)
        frame = band.text_frame
        frame.margin_left = frame.margin_right = Inches(_EDGE)
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        said = shortened(title, 150)
        _line(frame.paragraphs[0], said, 26 if len(said) < 70 else 21, "FFFFFF", bold=True)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self.text(foot, _EDGE, 7.08, self.width - 1, 0.3, size=10, ink=QUIET)
        self.text(str(number), _WIDTH - _EDGE - 0.6, 7.08, 0.6, 0.3, size=10, ink=QUIET, right=True)

    def text(
        self, said: str, left: float, top: float, width: float, height: float, *, size: float = 14, ink: str = INK,
        bold: bool = False, right: bool = False,
    ) -> None:  # fmt: skip
        """Add one paragraph."""
        frame = self._frame(left, top, width, height)
        paragraph = frame.paragraphs[0]
        _line(paragraph, shortened(said, _LONGEST_WORDS), size, ink, bold=bold)
        if right:
            paragraph.alignment = PP_ALIGN.RIGHT

    def points(self, said: Sequence[str], left: float, top: float, width: float, height: float, *, size: float = 14) -> None:
        """Add paragraphs with bullets."""
        frame = self._frame(left, top, width, height)
        for at, sentence in enumerate(said):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            _line(paragraph, f"•  {shortened(sentence, 260)}", size, INK)
            paragraph.space_after = Pt(size * 0.45)

    def tile(
        self, label: str, value: str, note: str, *, at: tuple[float, float], size: tuple[float, float], ink: str = INK
    ) -> None:
        """Add a figure with its label above it and what qualifies it beneath."""
        box = self._shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(x) for x in (*at, *size)))
        _fill(box, _TILE)
        frame = box.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = Inches(0.16)
        for paragraph, (said, points, shade, bold) in zip(
            (frame.paragraphs[0], frame.add_paragraph(), frame.add_paragraph()),
            ((label, 12, QUIET, False), (value, 24 if size[0] > 2.5 else 18, ink, True), (note, 11, QUIET, False)),
            strict=True,
        ):
            _line(paragraph, shortened(said, 90), points, shade, bold=bold)
            paragraph.alignment = PP_ALIGN.LEFT

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], *, at: tuple[float, float], widths: Sequence[float],
        right: Sequence[int] = (), size: float = 12, longest: int | Sequence[int] = 60, row_height: float = 0.3,
    ) -> None:  # fmt: skip
        """Add a table; columns in `right` are aligned right, texts are cut at `longest` characters (one for each column)."""
        most = [longest] * len(header) if isinstance(longest, int) else longest
        shape = self._shapes.add_table(
            len(rows) + 1, len(header), *(Inches(x) for x in (*at, sum(widths), row_height * (len(rows) + 1)))
        )
        table = shape.table
        shape._element.graphic.graphicData.tbl.tblPr.find(_STYLE).text = _PLAIN_STYLE
        for column, width in enumerate(widths):
            table.columns[column].width = Inches(width)
        for row, cells in enumerate([header, *rows]):
            table.rows[row].height = Inches(row_height)
            for column, said in enumerate(cells):
                _cell(
                    table.cell(row, column),
                    shortened(said, most[column]),
                    size,
                    head=row == 0,
                    right=column in right,
                    odd=row % 2 == 1,
                )

    def grid(
        self, data: Grid, *, at: tuple[float, float], width: float, most: int, size: float = 11,
        row_height: float = 0.27,
    ) -> None:  # fmt: skip
        """Add a table of the page: its title, and its first rows and the last where that adds up. Texts are cut where their
        column ends."""
        cut = f" ({most} of {len(data.rows)}, the others in the report)" if len(data.rows) > most else ""
        left, top = at
        self.text(f"{data.title}{cut}", left, top, width, 0.3, size=14, ink=ACCENT, bold=True)
        rows = list(data.rows if len(data.rows) <= most else data.rows[:most])
        if data.total and len(data.rows) > most:
            rows[-1] = data.rows[-1]
        widths = [width * share / sum(data.widths) for share in data.widths]
        self.table(
            data.head,
            rows,
            at=(left, top + 0.35),
            widths=widths,
            right=data.right,
            size=size,
            longest=[max(int((each - _MARGINS) * (_LETTERS if at else _NAMES) / size), 6) for at, each in enumerate(widths)],
            row_height=row_height,
        )

    def chart(self, kind: Any, data: Any, *, at: tuple[float, float], size: tuple[float, float]) -> Any:
        """Add a native chart in the look of the deck."""
        chart = self._shapes.add_chart(kind, *(Inches(x) for x in (*at, *size)), data).chart
        chart.font.size, chart.font.name = Pt(11), _FONT
        chart.font.color.rgb = colour(INK)
        chart.has_title = False
        return chart

    def key(self, entries: Sequence[tuple[str, str]], left: float, top: float) -> None:
        """Add a legend: a colour and a label each."""
        for shade, label in entries:
            mark = self._shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(x) for x in (left, top + 0.05, 0.18, 0.16)))
            _fill(mark, shade)
            self.text(label, left + 0.26, top, 3.4, 0.28, size=12)
            left += 0.6 + 0.1 * len(label)

    def _frame(self, left: float, top: float, width: float, height: float) -> Any:
        frame = self._shapes.add_textbox(*(Inches(x) for x in (left, top, width, height))).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return frame


_STYLE = "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
_PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid" of PowerPoint: our own fills show


def _cell(cell: Any, said: str, size: float, *, head: bool, right: bool, odd: bool) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.07)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(_BAND if head else "FFFFFF" if odd else _TILE)
    paragraph = cell.text_frame.paragraphs[0]
    _line(paragraph, said or _NOTHING, size, "FFFFFF" if head else INK, bold=head)
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT


def _line(paragraph: Any, said: str, size: float, ink: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = said
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
    run.font.color.rgb = colour(ink)


def _fill(shape: Any, shade: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(shade)
    shape.line.fill.background()
    shape.shadow.inherit = False

"""How far a worksheet reaches: stray cells are refused before they fill the memory, formatted emptiness is not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import InputError
from migrate.readers import read_inventory
from migrate.readers.extent import Extent, extent_of, part_of
from tests.readers.files import REAL, rvtools, vm


def _archive(sheet: str) -> zipfile.ZipFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s.xml", sheet)
    return zipfile.ZipFile(packed)


def _with_rows(path: Path, rows: str) -> Path:
    """The workbook with rows added at the end of its first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576"),
        ('<row r="9"><c\n s="1"  r = \'CV1048576\' t="n"><f>1</f><v>1</v></c></row>', "CV1048576"),
        ('<x:row xmlns:x="x" r="1048575"/><row><c r="CV1048576" t="inlineStr"><is><t>x</t></is></c></row>', "CV1048576"),
    ],
)
def test_a_stray_cell_is_named_with_its_sheet(tmp_path: Path, rows: str, cell: str) -> None:
    path = _with_rows(rvtools(tmp_path / "rv.xlsx", [vm("a")]), rows)
    with pytest.raises(InputError, match=f"rv.xlsx: has a cell at {cell} in sheet 'vInfo'.*Delete the rows"):
        read_inventory([path], [])


def test_formatted_cells_without_values_do_no_harm(tmp_path: Path) -> None:
    path = _with_rows(rvtools(tmp_path / "rv.xlsx", [vm("a")]), '<row r="1048576"><c r="XFD1048576" s="1"/><c r="A9"></c></row>')
    assert read_inventory([path], []).estate.servers.height == 1


def test_a_workbook_of_another_kind_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(InputError, match=r"no \.xlsx workbook inside"):
        read_inventory([path], [])


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("<sheetData/>", Extent(0, 0, 0, "0")),
        ("<row><c><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c></row>", Extent(2, 2, 3, "A2")),
        ('<row r="5"><c r="C5"><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c></row>', Extent(6, 4, 3, "D5")),
        ('<!-- <row r="9"><c r="Z9"><v>1</v></c></row> --><row r="1"><c r="A1"><v>1</v></c></row>', Extent(1, 1, 1, "A1")),
        ('<row r="1"><c x=">" r="AA1"><is><t> r="ZZ99" </t></is></c></row>', Extent(1, 27, 1, "AA1")),
    ],
)
def test_extents(sheet: str, expected: Extent) -> None:
    assert extent_of(_archive(sheet), "s.xml") == expected


@given(cells=st.dictionaries(st.tuples(st.integers(1, 300), st.integers(1, 60)), st.just(1), min_size=1, max_size=30))
def test_the_extent_is_the_outermost_of_all_cells_in_any_order(cells: dict[tuple[int, int], int]) -> None:
    letters = [chr(65 + index) for index in range(26)]
    names = [*letters, *(first + second for first in letters for second in letters)]
    text = "".join(f'<row r="{row}"><c r="{names[column - 1]}{row}"><v>1</v></c></row>' for row, column in cells)
    extent = extent_of(_archive(text), "s.xml")
    assert extent is not None
    assert (extent.rows, extent.columns) == (max(row for row, _ in cells), max(column for _, column in cells))
    assert extent.filled == len(cells)


def test_the_extent_does_not_depend_on_where_the_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f'<row r="{row}"><c r="AB{row}" s="2"><v>1</v></c></row><!-- - -->' for row in range(1, 40))
    for piece in (1, 2, 3, 7, 64):
        monkeypatch.setattr("migrate.readers.extent._PIECE", piece)
        assert extent_of(_archive(text), "s.xml") == Extent(39, 28, 39, "AB39")


def test_real_exports_are_measured_as_their_reader_finds_them() -> None:
    files = sorted((REAL / "rvtools").glob("*.xlsx"))
    if not files:
        pytest.skip("the real exports are not here")
    for file in files:
        reader = fastexcel.read_excel(file)
        with zipfile.ZipFile(file) as archive:
            for name in reader.sheet_names:
                part = part_of(archive, name)
                assert part is not None
                extent = extent_of(archive, part)
                sheet = reader.load_sheet(name, header_row=None)
                assert extent is not None
                assert (extent.rows, extent.columns) == (sheet.height, sheet.width)

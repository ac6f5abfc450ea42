"""Worksheets are read as texts; a Ctrl-C meanwhile is a Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.readers.peek import peek_at
from migrate.readers.workbook import read_sheet, sheet_names
from tests.readers.files import rvtools, vm


def test_an_interruption_while_a_sheet_is_read_does_not_make_it_damaged(tmp_path: Path) -> None:
    (peek,) = peek_at([rvtools(tmp_path / "rv.xlsx", [vm("web1")])])

    def interrupted(_header: str) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_sheet(peek, sheet_names(peek)[0], interrupted)

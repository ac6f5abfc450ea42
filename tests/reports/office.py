"""LibreOffice, made to calculate every cell anew, for tests that are skipped where it is absent."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import fastexcel
import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

#: 0: always, whoever wrote the file (officecfg, Calc.xcs, Formula/Load/OOXMLRecalcMode).
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

Sheet = list[tuple[str | None, ...]]


def recalculated(paths: Sequence[Path], scratch: Path) -> list[Path]:
    """The workbooks as LibreOffice writes them after calculating them anew, in one run."""
    profile, out = scratch / "profile", scratch / "recalculated"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    assert SOFFICE is not None
    options = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    subprocess.run([SOFFICE, *options, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [out / path.name for path in paths]


def sheets(path: Path) -> dict[str, Sheet]:
    """Every cell of every sheet, as text."""
    book = fastexcel.read_excel(path)
    return {name: book.load_sheet(name, header_row=None, dtypes="string").to_polars().rows() for name in book.sheet_names}

"""RVTools exports: the workbook, a zip of its CSV files, or the CSV files themselves in one folder."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from threading import Event

import polars as pl

from migrate.errors import InputError
from migrate.findings import Severity
from migrate.model.provenance import cite, cite_expr
from migrate.readers.delimited import header_of, read_delimited
from migrate.readers.ledger import Ledger
from migrate.readers.peek import LARGEST, Peek
from migrate.readers.reading import Reading
from migrate.readers.rvtools_servers import read_export
from migrate.readers.rvtools_tabs import TABS, tab_of, wanted_header
from migrate.readers.workbook import check_archive, read_sheet, sheet_names

__all__ = ["NAME", "identify", "read"]

NAME = "rvtools"
_SIDE_BY_SIDE = 2
_GLANCE = 0.1  # seconds between two looks at the keyboard


def identify(peek: Peek) -> str | None:
    """Say why this is RVTools' work, or None.

    Raises
    ------
    InputError
        It is, but the tab with the VMs is missing.
    """
    if peek.kind == "xlsx":
        sheets = sheet_names(peek)
        tabs = {tab for name in sheets if (tab := tab_of(name))}
    elif peek.kind == "zip":
        sheets = _members(peek)
        tabs = {tab for name in sheets if (tab := tab_of(name.rpartition("/")[2]))}
    elif peek.kind == "text":
        tab = tab_of(peek.path.name)
        first = "host" if tab == "vHost" else "vm"
        known = tab in TABS and any(re.search(rf"(^|v[a-z]+){first}", header.strip().lower()) for header in header_of(peek))
        return f"is named as RVTools names its {tab} file and has its columns" if known else None
    else:
        return None
    if "vInfo" in tabs:
        return f"has the tab vInfo among {len(sheets)}"
    if len(tabs) >= 2:
        raise InputError(
            f"has RVTools' tabs but not vInfo, which lists the VMs; its sheets are {', '.join(sheets[:30])}",
            where=peek.label,
            remedy="Export all tabs.",
        )
    return None


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Read exports: VMs with their disks, partitions and addresses.

    Templates and placeholders of Site Recovery Manager are left out, with a finding each.

    Raises
    ------
    InputError
        A workbook cannot be read, or CSV files come without the one that lists the VMs.
    """
    parts = [read_export(tabs, ledger) for tabs in _exports(peeks, ledger)]
    names = sorted({name for part in parts for name in part})
    return Reading({name: pl.concat([part[name] for part in parts if name in part]) for name in names})


def _exports(peeks: Sequence[Peek], ledger: Ledger) -> Iterator[dict[str, pl.DataFrame]]:
    """The tabs of one export after the other, as texts with ``source``; workbooks are read two at a time."""
    packed = [peek for peek in peeks if peek.kind != "text"]
    waiting: deque[tuple[Peek, Future[dict[str, pl.DataFrame]]]] = deque()
    stop = Event()
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        try:
            for place in range(len(packed) + _SIDE_BY_SIDE - 1):
                if place < len(packed):
                    read = _from_workbook if packed[place].kind == "xlsx" else _from_zip
                    waiting.append((packed[place], pool.submit(read, packed[place], ledger, stop)))
                if place >= _SIDE_BY_SIDE - 1:
                    yield _read_whole(*waiting.popleft(), ledger)
        finally:
            stop.set()
    folders: dict[Path, list[Peek]] = {}
    for peek in peeks:
        if peek.kind == "text":
            folders.setdefault(peek.path.parent, []).append(peek)
    for folder in sorted(folders):
        yield _from_folder(folders[folder], ledger)


def _read_whole(peek: Peek, tabs: Future[dict[str, pl.DataFrame]], ledger: Ledger) -> dict[str, pl.DataFrame]:
    while wait([tabs], _GLANCE).not_done:  # a signal may reach another thread, which does not wake this one
        pass
    ledger.read[peek.label] += sum(frame.height for frame in tabs.result().values())
    peek.release()
    return tabs.result()


def _from_workbook(peek: Peek, ledger: Ledger, stop: Event) -> dict[str, pl.DataFrame]:
    tabs: dict[str, pl.DataFrame] = {}
    passed: list[str] = []
    for sheet in sheet_names(peek):
        if stop.is_set():
            raise KeyboardInterrupt
        tab = tab_of(sheet)
        if tab not in TABS or tab in tabs:
            passed.append(sheet)
            continue
        raw = read_sheet(peek, sheet, partial(wanted_header, tab))
        tabs[tab] = raw.with_columns(cite_expr(peek.label, pl.col("_row"), sheet).alias("source")).drop("_row")
    _tell_of_unread(peek, passed, ledger)
    return tabs


def _from_zip(peek: Peek, ledger: Ledger, stop: Event) -> dict[str, pl.DataFrame]:
    tabs: dict[str, pl.DataFrame] = {}
    passed: list[str] = []
    with check_archive(peek) as archive:
        for name in _members(peek):
            if stop.is_set():
                raise KeyboardInterrupt
            tab = tab_of(name.rpartition("/")[2])
            if tab not in TABS or tab in tabs:
                passed.append(name)
                continue
            if archive.getinfo(name).file_size > LARGEST:
                raise InputError(f"holds a file that is too large: {name}", where=peek.label, remedy="Split the export.")
            try:
                content = archive.read(name)
            except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
                raise InputError(f"is damaged: {name} cannot be unpacked", where=peek.label, remedy="Export it again.") from None
            member = Peek(peek.path, cite(peek.label, sheet=name.rpartition("/")[2]), len(content), "text")
            member.__dict__["raw"] = content
            tabs[tab] = _unprefixed(read_delimited(member, ledger), tab)
    _tell_of_unread(peek, passed, ledger)
    return tabs


def _from_folder(peeks: Sequence[Peek], ledger: Ledger) -> dict[str, pl.DataFrame]:
    tabs: dict[str, pl.DataFrame] = {}
    for peek in sorted(peeks, key=lambda peek: peek.label):
        tab = str(tab_of(peek.path.name))
        frame = _unprefixed(read_delimited(peek, ledger), tab)
        ledger.read[peek.label] += frame.height
        tabs[tab] = pl.concat([tabs[tab], frame], how="diagonal") if tab in tabs else frame
        peek.release()
    if "vInfo" not in tabs:
        raise InputError(
            "is part of an RVTools export, but the file of vInfo, which lists the VMs, is not among the inventory",
            where=", ".join(sorted(peek.label for peek in peeks)[:3]),
            remedy="Add RVTools_tabvInfo.csv.",
        )
    return tabs


def _members(peek: Peek) -> list[str]:
    with check_archive(peek) as archive:
        return [name for name in archive.namelist() if name.lower().endswith(".csv")]


def _unprefixed(frame: pl.DataFrame, tab: str) -> pl.DataFrame:
    """Some versions write the tab before each header of a CSV file: ``vInfoVMName``, ``vInfoCPUs``."""
    start = tab.lower()
    renamed: dict[str, str] = {}
    for header in frame.columns:
        if header.lower().startswith(start) and len(header) > len(tab):
            rest = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=VM)(?=[A-Z][a-z])", " ", header[len(tab) :]).strip(" ._")
            if rest and rest not in frame.columns and rest not in renamed.values():
                renamed[header] = rest
    return frame.rename(renamed)


def _tell_of_unread(peek: Peek, passed: list[str], ledger: Ledger) -> None:
    if passed:
        ledger.tell(
            "sheet-not-read",
            Severity.info,
            peek.label,
            cite(peek.label),
            f"These sheets hold nothing that a plan needs and were not read: {', '.join(passed[:40])}",
            "Nothing to do.",
        )

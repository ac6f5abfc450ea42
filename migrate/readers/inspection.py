"""What reading some files gives, for people: by file what was recognised, read, set aside and doubted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrate.findings import Finding, Severity
from migrate.model.plan.base import Record
from migrate.readers import flows
from migrate.readers.inventory import Progress, read_inventory, recognise
from migrate.spec import Site

__all__ = ["InspectedFile", "Inspection", "inspect"]


class InspectedFile(Record):
    """One file."""

    file: str  # as findings name it
    path: str
    reader: str | None  # None: no reader knows it
    why: str
    size_bytes: int
    rows_read: int | None  # None: a flow log that is too long to count; its aggregate will tell
    rows_quarantined: int  # left out of the estate, each in a finding
    doubts: int  # findings that cite the file, errors and warnings only
    findings: tuple[Finding, ...]


class Inspection(Record):
    """All files, and the estate that they make."""

    files: tuple[InspectedFile, ...]
    rows_read: int  # where they are known
    rows_quarantined: int
    tables: dict[str, int]  # rows of each table of the estate
    sites: tuple[str, ...]
    findings: tuple[Finding, ...]  # those that cite no file or several


def inspect(
    files: Sequence[Path], sites: Sequence[Site] = (), progress: Progress | None = None, flow_fields: str = ""
) -> Inspection:
    """Read files and say what that gave.

    Parameters
    ----------
    files
        From `resolve_files`.
    sites
        Of plan.toml; none for files alone.
    flow_fields
        ``[flows] fields`` of plan.toml.

    Raises
    ------
    InputError
        As `read_inventory`.
    """
    recognised = recognise(files, flow_fields)
    inventory = read_inventory(files, sites, progress, flow_fields)
    read = {record.file: record for record in inventory.inputs}
    by_file: dict[str, list[Finding]] = {}
    for finding in inventory.findings:
        cited = {_file(place) for place in finding.source.split("; ") if place}
        by_file.setdefault(cited.pop() if len(cited) == 1 else "", []).append(finding)
    shown = []
    for item in sorted(recognised, key=lambda item: item.label):
        record = read.get(item.label)
        told = tuple(by_file.pop(item.label, []))
        shown.append(
            InspectedFile(
                file=item.label,
                path=str(item.path),
                reader=item.reader,
                why=item.why,
                size_bytes=item.size_bytes,
                rows_read=record.rows_read if record else item.rows if item.reader == flows.NAME else 0,
                rows_quarantined=record.rows_quarantined if record else 0,
                doubts=sum(finding.severity is not Severity.info for finding in told),
                findings=told,
            )
        )
    tables = {name: getattr(inventory.estate, name).height for name in sorted(inventory.estate.members())}
    known_sites = inventory.estate.servers["site"].drop_nulls().unique().sort().to_list()
    return Inspection(
        files=tuple(shown),
        rows_read=sum(item.rows_read or 0 for item in shown),
        rows_quarantined=sum(item.rows_quarantined for item in shown),
        tables=tables,
        sites=tuple(known_sites),
        findings=tuple(finding for rest in sorted(by_file) for finding in by_file[rest]),
    )


def _file(place: str) -> str:
    """The file that a citation names."""
    if "!" in place:
        return place.split("!", maxsplit=1)[0]
    file, _, row = place.rpartition(":")
    return file if file and row.isdigit() else place

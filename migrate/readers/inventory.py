"""All files of an inventory, read by whoever recognises them and merged into one estate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from migrate.errors import InputError
from migrate.findings import Severity, ordered
from migrate.model.plan import InputFile
from migrate.model.stages import FlowFiles, Inventory
from migrate.readers import application_list, flows, leases, rvtools, servicenow, utilisation
from migrate.readers.assemble import assemble
from migrate.readers.flow_formats.vpc import declared_fields
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek, peek_at
from migrate.readers.reading import Reading
from migrate.spec import Site

__all__ = ["READERS", "Progress", "Recognised", "read_inventory", "recognise"]

#: Every reader; each has ``NAME``, ``identify(peek)`` and ``read(peeks, ledger)``. All are asked about every file.
READERS: tuple[ModuleType, ...] = (flows, rvtools, servicenow, application_list, utilisation, leases)

#: Called with a text and the share (0 to 1) that is done.
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Recognised:
    """What a file was taken for."""

    path: Path
    label: str  # as findings name it
    size_bytes: int
    reader: str | None  # None: no reader knows it
    why: str
    rows: int | None = None  # of flow logs that tell it without being read


def recognise(files: Sequence[Path], flow_fields: str = "") -> tuple[Recognised, ...]:
    """Say what each file is, without reading it whole where that can be helped.

    Parameters
    ----------
    files
        From `resolve_files`.
    flow_fields
        ``[flows] fields`` of plan.toml.

    Raises
    ------
    InputError
        A file cannot be used at all, or two readers claim it.
    """
    found = []
    for peek in peek_at(files, declared_fields(flow_fields, "plan.toml")):
        reader, why = _reader_of(peek)
        rows = flows.row_count(peek) if reader is flows else None
        peek.forget()
        found.append(Recognised(peek.path, peek.label, peek.size_bytes, reader.NAME if reader else None, why, rows))
    return tuple(found)


def read_inventory(
    files: Sequence[Path],
    sites: Sequence[Site],
    progress: Progress | None = None,
    flow_fields: str = "",
    on_flows: Callable[[FlowFiles], None] | None = None,
) -> Inventory:
    """Read every file and merge what they say.

    Every row that is read ends in the estate or in a finding. The result does not depend on the order of the files.

    Parameters
    ----------
    files
        From `resolve_files`. A file that no reader knows becomes a finding.
    sites
        Of plan.toml: their names replace what inventories call them.
    flow_fields
        ``[flows] fields`` of plan.toml: the fields of VPC Flow Logs without a header.
    on_flows
        Called with the flow logs before anything else is read, unless there are leases, without which they say little.

    Raises
    ------
    RequestError
        The declared fields lack one that is needed.
    InputError
        A file is missing, damaged, encrypted or no regular file; two readers claim it; or no file is recognised at all.
    """
    ledger = Ledger()
    told = progress or (lambda _text, _share: None)
    fields = declared_fields(flow_fields, "plan.toml")
    by_reader, inputs = _recognised(peek_at(sorted(set(files)), fields), ledger, told)
    readings = []
    for place, reader in enumerate(READERS):
        if by_reader[reader.NAME]:
            told(f"reading {reader.NAME}", 0.1 + 0.6 * place / len(READERS))
            readings.append(reader.read(by_reader[reader.NAME], ledger))
        if reader is flows and on_flows is not None and not by_reader[leases.NAME]:
            on_flows(_flow_files(readings))
    told("merging", 0.75)
    estate = assemble(readings, sites, ledger)
    records = tuple(
        InputFile(
            file=peek.label,
            reader=name,
            sha256=peek.sha256,
            size_bytes=peek.size_bytes,
            rows_read=None if peek.label in ledger.uncounted else ledger.read[peek.label],
            rows_quarantined=ledger.aside[peek.label],
        )
        for name, peek in inputs
    )
    return Inventory(estate, _flow_files(readings), records, list(ordered(ledger.findings)))


def _flow_files(readings: Sequence[Reading]) -> FlowFiles:
    return FlowFiles(tuple(sorted((file for reading in readings for file in reading.flows), key=lambda file: file.label)))


def _recognised(opened: list[Peek], ledger: Ledger, told: Progress) -> tuple[dict[str, list[Peek]], list[tuple[str, Peek]]]:
    """The files by the reader that takes them, and all that are taken, both sorted by name."""
    peeks = sorted(opened, key=lambda peek: (peek.label, str(peek.path)))
    by_reader: dict[str, list[Peek]] = {reader.NAME: [] for reader in READERS}
    inputs: list[tuple[str, Peek]] = []
    seen: dict[str, str] = {}
    reasons = []
    for place, peek in enumerate(peeks):
        told(f"recognising {peek.label}", 0.1 * place / len(peeks))
        reader, why = _reader_of(peek)
        if reader is None:
            reasons.append((peek, why))
            peek.forget()
        elif peek.sha256 in seen:
            ledger.tell(
                "file-repeated",
                Severity.warning,
                peek.label,
                peek.label,
                f"The file is the same as {seen[peek.sha256]}, byte for byte: it was read once",
                "Name it once.",
            )
            peek.release()
        else:
            seen[peek.sha256] = peek.label
            by_reader[reader.NAME].append(peek)
            inputs.append((reader.NAME, peek))
    if not inputs:
        where, why = (reasons[0][0].label, reasons[0][1]) if reasons else ("", "no file was named")
        raise InputError(f"no file was recognised: {why}", where=where, remedy=f"Readers there are: {', '.join(by_reader)}.")
    for peek, why in reasons:
        ledger.tell(
            "file-not-recognised",
            Severity.warning,
            peek.label,
            peek.label,
            f"No reader knows this file: {why}",
            f"Remove it from the inventory, or bring it into a form that is read: {', '.join(by_reader)}.",
        )
    return by_reader, inputs


def _reader_of(peek: Peek) -> tuple[ModuleType | None, str]:
    claims = [(reader, why) for reader in READERS if (why := reader.identify(peek))]
    if len(claims) > 1:
        names = " and ".join(f"{reader.NAME} ({why})" for reader, why in claims)
        raise InputError(
            f"is claimed by more than one reader: {names}",
            where=peek.label,
            remedy="Remove the columns that belong to the other.",
        )
    return claims[0] if claims else (None, peek.describe() + flows.hint(peek))

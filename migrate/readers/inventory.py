"""All files of an inventory, read by whoever recognises them and merged into one estate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import polars as pl

from migrate.errors import InputError
from migrate.findings import Severity, ordered
from migrate.model.estate import Estate, build_estate
from migrate.model.plan import InputFile
from migrate.model.provenance import JOINER
from migrate.model.stages import FlowFiles, Inventory
from migrate.readers import application_list, flows, rvtools, servicenow, utilisation
from migrate.readers.attach import attach
from migrate.readers.ledger import Ledger
from migrate.readers.merge import Merged, merge_servers
from migrate.readers.merge_applications import (
    dependencies_of_servers,
    merge_applications,
    merge_dependencies,
    merge_memberships,
    spelled,
)
from migrate.readers.peek import Peek, peek_at
from migrate.readers.reading import TABLES, Reading
from migrate.spec import Site

__all__ = ["READERS", "Progress", "Recognised", "read_inventory", "recognise"]

#: Every reader; each has ``NAME``, ``identify(peek)`` and ``read(peeks, ledger)``. All are asked about every file.
READERS: tuple[ModuleType, ...] = (rvtools, servicenow, application_list, utilisation, flows)

#: Called with a text and the share (0 to 1) that is done.
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Recognised:
    """What a file was taken for."""

    path: Path
    reader: str | None  # None: no reader knows it
    why: str
    rows: int | None = None  # where the file tells without being read


def recognise(files: Sequence[Path]) -> tuple[Recognised, ...]:
    """Say what each file is, without reading it whole where that can be helped.

    Raises
    ------
    InputError
        A file cannot be used at all, or two readers claim it.
    """
    found = []
    for peek in peek_at(files):
        reader, why = _reader_of(peek)
        rows = flows.row_count(peek) if reader is flows else None
        peek.cache.clear()
        found.append(Recognised(peek.path, reader.NAME if reader else None, why, rows))
    return tuple(found)


def read_inventory(files: Sequence[Path], sites: Sequence[Site], progress: Progress | None = None) -> Inventory:
    """Read every file and merge what they say.

    Every row that is read ends in the estate or in a finding. The result does not depend on the order of the files.

    Parameters
    ----------
    files
        From `resolve_files`. A file that no reader knows becomes a finding.
    sites
        Of plan.toml: their names replace what inventories call them.

    Raises
    ------
    InputError
        A file is missing, damaged, encrypted or no regular file; two readers claim it; or no file is recognised at all.
    """
    ledger = Ledger()
    told = progress or (lambda _text, _share: None)
    by_reader, inputs = _recognised(files, ledger, told)
    readings = []
    for place, reader in enumerate(READERS):
        if by_reader[reader.NAME]:
            told(f"reading {reader.NAME}", 0.1 + 0.6 * place / len(READERS))
            readings.append(reader.read(by_reader[reader.NAME], ledger))
    told("merging", 0.75)
    estate = _estate(readings, sites, ledger)
    records = tuple(
        InputFile(
            file=peek.label,
            reader=name,
            sha256=peek.sha256,
            size_bytes=peek.size_bytes,
            rows_read=ledger.read[peek.label],
            rows_quarantined=ledger.aside[peek.label],
        )
        for name, peek in inputs
    )
    parquet = tuple(sorted(path for reading in readings for path in reading.flows))
    return Inventory(estate, FlowFiles(parquet), records, list(ordered(ledger.findings)))


def _recognised(files: Sequence[Path], ledger: Ledger, told: Progress) -> tuple[dict[str, list[Peek]], list[tuple[str, Peek]]]:
    """The files by the reader that takes them, and all that are taken, both sorted by name."""
    peeks = sorted(peek_at(sorted(set(files))), key=lambda peek: (peek.label, str(peek.path)))
    by_reader: dict[str, list[Peek]] = {reader.NAME: [] for reader in READERS}
    inputs: list[tuple[str, Peek]] = []
    seen: dict[str, str] = {}
    reasons = []
    for place, peek in enumerate(peeks):
        told(f"recognising {peek.label}", 0.1 * place / len(peeks))
        reader, why = _reader_of(peek)
        if reader is None:
            reasons.append((peek, why))
            peek.release()
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
            f"is claimed by more than one reader: {names}", where=peek.label, remedy="Remove the columns that belong to the other."
        )
    return claims[0] if claims else (None, peek.describe())


def _estate(readings: Sequence[Reading], sites: Sequence[Site], ledger: Ledger) -> Estate:
    tables = {name: pl.concat([reading.table(name) for reading in readings]) for name in TABLES}
    merged = merge_servers(tables["servers"], tables["addresses"], sites, ledger)
    applications, memberships, dependencies = _applications(tables, merged, sites, ledger)
    databases = attach(tables["databases"], "databases", merged, sites, ledger).drop("ip")
    load = attach(tables["utilisation"], "utilisation", merged, sites, ledger).drop("ip")
    estate, findings = build_estate(
        {
            "servers": merged.servers,
            "disks": _of_servers(tables["disks"], merged, "disk"),
            "addresses": _of_servers(tables["addresses"], merged, "ip"),
            "utilisation": _once(load, ["server_id"], "utilisation", ledger),
            "applications": applications.drop("key"),
            "memberships": memberships,
            "databases": _joined_sources(databases, ["server_id", "database"]),
            "declared_dependencies": dependencies,
        }
    )
    ledger.add(findings)
    return estate


def _applications(
    tables: dict[str, pl.DataFrame], merged: Merged, sites: Sequence[Site], ledger: Ledger
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    members = attach(tables["memberships"], "memberships", merged, sites, ledger, aside=False)
    server_of = merged.server_of
    needs = tables["needs"].join(server_of.rename({"ref": "consumer_ref", "server_id": "consumer_id"}), on="consumer_ref", how="left")
    needs = needs.join(server_of.rename({"ref": "provider_ref", "server_id": "provider_id"}), on="provider_ref", how="left")
    certain = tables["dependencies"].filter(pl.col("certain"))
    links = pl.concat([certain, needs.select("consumer", "source")], how="diagonal")
    applications = merge_applications(tables["applications"], tables["memberships"], links, ledger)
    members = spelled(members, "application", applications)
    needs = spelled(needs, "consumer", applications).with_columns(pl.col("consumer").alias("name"))
    more, new = dependencies_of_servers(needs, members, ledger)
    declared = _between_known(tables["dependencies"], applications, ledger)
    memberships = merge_memberships(pl.concat([members.select(new.columns), new]))
    return applications, memberships, merge_dependencies(pl.concat([declared, more]))


def _between_known(rows: pl.DataFrame, applications: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Dependencies between applications that any source knows; the others are told."""
    joined = spelled(spelled(rows.with_columns(pl.col("consumer", "provider").name.suffix("_given")), "consumer", applications), "provider", applications)
    unknown = pl.col("consumer").is_null() | pl.col("provider").is_null()
    ledger.rows(
        joined.filter(unknown),
        "relation-dangling",
        Severity.info,
        subject=pl.col("consumer_given"),
        message=pl.format("The relation to {} joins something that no source knows, so it was not used", pl.col("provider_given")),
        remedy="Export the classes of both ends, or list the application.",
    )
    return joined.filter(~unknown).select("consumer", "provider", "source")


def _of_servers(rows: pl.DataFrame, merged: Merged, sign: str) -> pl.DataFrame:
    """Rows of servers by ``ref``, once per server and `sign`: what two sources list is one."""
    return _joined_sources(rows.join(merged.server_of, on="ref", maintain_order="left").drop("ref"), ["server_id", sign])


def _joined_sources(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    rest = [name for name in rows.columns if name not in (*key, "source")]
    return rows.group_by(key, maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in rest), pl.col("source").unique(maintain_order=True).str.join(JOINER)
    )


def _once(rows: pl.DataFrame, key: list[str], what: str, ledger: Ledger) -> pl.DataFrame:
    first = pl.struct(key).is_first_distinct()
    ledger.rows(
        rows.filter(~first),
        "row-repeated",
        Severity.warning,
        subject=pl.col("server_id"),
        message=f"Another row of {what} is about the same server: the first counts",
        remedy="Remove the rows that are out of date.",
    )
    return rows.filter(first)

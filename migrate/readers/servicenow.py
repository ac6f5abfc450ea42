"""ServiceNow Table API dumps: servers, applications, databases and their relations. Records are told by content, not by file.

All dumps of a run are read together: a relation in one file joins records of two others.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.cells import clean_text
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading
from migrate.readers.servicenow_classes import kind_of_record
from migrate.readers.servicenow_ends import Items
from migrate.readers.servicenow_items import FIELDS, applications_of, databases_of, servers_of
from migrate.readers.servicenow_records import Record, fields, first_lines_of, records_of
from migrate.readers.servicenow_relations import relate

__all__ = ["NAME", "identify", "read"]

NAME = "servicenow"
_LOOKED_AT = 200  # records that decide whether a file is a dump of the CMDB


def identify(peek: Peek) -> str | None:
    """Say why this is a dump of the CMDB, or None.

    Raises
    ------
    InputError
        The file looks like JSON and is not.
    """
    if peek.kind != "json":
        return None
    if (first := first_lines_of(peek)) is not None and not any(map(_is_of_table_api, first)):
        return None  # lines of something else, maybe far too many to be read
    records = records_of(peek)
    sample = records[:_LOOKED_AT] + records[-_LOOKED_AT:]
    if not any(map(_is_of_table_api, sample)):
        return None
    kinds = _table(peek, sample)["kind"]
    told = sorted(set(kinds) - {"other", "place", "relation type"})
    if told:
        return f"has {len(records):,} records of the Table API, such as {' and '.join(told)}"
    belongs = (kinds.is_in(["relation type", "place"])).all()  # lookups beside a dump
    return f"has {len(records):,} records that a dump of the CMDB refers to" if belongs else None


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Read all dumps of a run together."""
    tables = []
    for peek in peeks:
        records = records_of(peek)
        ledger.read[peek.label] += len(records)
        tables.append(_table(peek, records))
        peek.release()
    every = pl.concat(tables) if tables else pl.DataFrame()
    every = _without_repeats(every, ledger)
    _tell_of_unused(every, ledger)
    places = every.filter(pl.col("kind") == "place")
    servers = servers_of(every.filter(pl.col("kind") == "server"), places, ledger)
    applications = applications_of(every.filter(pl.col("kind") == "application"), ledger)
    databases = databases_of(every.filter(pl.col("kind") == "database"), ledger)
    hypervisors = every.filter(pl.col("kind") == "hypervisor")
    ledger.rows(
        hypervisors,
        "hypervisor-excluded",
        Severity.info,
        subject=pl.col("name"),
        message="A hypervisor is what VMs run on: it stays behind and is not part of the plan",
        remedy="Nothing to do.",
    )
    items = Items(servers, applications, databases, hypervisors.select("sys_id", "name"))
    types = every.filter(pl.col("kind") == "relation type")
    return relate(every.filter(pl.col("kind") == "relation"), types, items, ledger)


def _is_of_table_api(record: Record) -> bool:
    return "sys_id" in record or ("parent" in record and "child" in record and "type" in record)


def _table(peek: Peek, records: Sequence[Record]) -> pl.DataFrame:
    """Records with the fields that any kind needs, and their `kind`."""
    frame = fields(records, range(1, len(records) + 1), peek.label, FIELDS)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String and name != "source"]
    frame = frame.with_columns(pl.when(pl.col(texts).str.strip_chars() == "").then(None).otherwise(pl.col(texts)).name.keep())
    columns = {name for record in records[:_LOOKED_AT] for name in record}
    return frame.with_columns(kind_of_record(columns).alias("kind"))


def _without_repeats(every: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """The same record may stand in dumps of a table and of the table it extends: the first counts."""
    if every.is_empty():
        return every
    repeated = pl.col("sys_id").is_not_null() & ~pl.struct("sys_id", "kind").is_first_distinct()
    again = every.filter(repeated)
    _tell_of_differences(every.filter(~repeated), again, ledger)
    for file, group in again.group_by(pl.col("source").str.replace(r":\d+$", ""), maintain_order=True):
        ledger.tell(
            "record-repeated",
            Severity.info,
            str(file[0]),
            group["source"][0],
            f"{group.height:,} records stand in the dumps more than once (the same sys_id): the first counts",
            "Nothing to do; this happens when a table and the table it extends are both exported.",
        )
        ledger.aside[str(file[0])] += group.height
    return every.filter(~repeated)


def _tell_of_differences(first: pl.DataFrame, again: pl.DataFrame, ledger: Ledger) -> None:
    """A repeated record that says something else than the first is no repetition: somebody has to look."""
    if again.is_empty():
        return
    both = again.join(first, on=["sys_id", "kind"], how="inner", suffix=" of the first", maintain_order="left")
    differing = [
        pl.when(pl.col(name) != pl.col(f"{name} of the first")).then(pl.lit(name)) for name in FIELDS if name != "sys_id"
    ]
    judged = both.with_columns(pl.concat_str(differing, separator=", ", ignore_nulls=True).alias("differing"))
    shown = [
        pl.coalesce("name.shown", "sys_id").str.slice(0, 60),
        pl.coalesce("name.shown of the first", "sys_id").str.slice(0, 60),
    ]
    ledger.rows(
        judged.filter(pl.col("differing") != "").with_columns(
            pl.concat_str("source", "source of the first", separator="; ").alias("source")
        ),
        "record-conflict",
        Severity.warning,
        subject=shown[0],
        message=pl.format(
            "Two records have the sys_id {}: {} counts, {} was left out although it differs in {}",
            pl.col("sys_id").str.slice(0, 60),
            shown[1],
            shown[0],
            pl.col("differing"),
        ),
        remedy="Export both tables at the same time, or remove the record that is wrong.",
        aside=False,
    )


def _tell_of_unused(every: pl.DataFrame, ledger: Ledger) -> None:
    """One finding per file and class of records that are none of ours."""
    if every.is_empty():
        return
    other = every.filter(pl.col("kind") == "other").with_columns(
        pl.col("source").str.replace(r":\d+$", "").alias("file"),
        pl.coalesce("sys_class_name.shown", "sys_class_name", pl.lit("no class")).alias("class"),
    )
    for (file, given), group in other.group_by("file", "class", maintain_order=True):
        ledger.tell(
            "record-not-used",
            Severity.info,
            clean_text(str(given)) or "no class",
            group["source"][0],
            f"{group.height:,} records of this class are neither servers, applications, databases nor relations",
            "Nothing to do, unless they are servers: then export them from a class that extends cmdb_ci_server.",
        )
        ledger.aside[str(file)] += group.height

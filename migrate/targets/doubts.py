"""What the stage has to say: servers without a target, decisions to confirm, parts of the bill that are not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from migrate.findings import Finding, Severity
from migrate.targets.price_doubts import doubts_about_prices
from migrate.targets.prices import PriceBook

__all__ = ["doubts_about_book", "doubts_about_servers"]

_LICENSED = ("db2", "oracle", "sqlserver")
_OLD_DAYS = 365


def doubts_about_servers(costed: pl.DataFrame, plan: str) -> list[Finding]:
    """Findings about servers, one each where a person has to act on that server, else one for all of a kind.

    `plan` is the name of the plan, the subject of what is said of the whole estate.
    """
    return [
        *_not_sized(costed),
        *_too_large(costed),
        *_to_confirm(costed),
        *_bought(costed),
        *_without_disks(costed),
        *_licensed(costed),
        *doubts_about_prices(costed, plan),
    ]


def _rows(frame: pl.DataFrame) -> Iterable[dict[str, object]]:
    return frame.iter_rows(named=True)


def _not_sized(costed: pl.DataFrame) -> list[Finding]:
    columns = {"vcpu": "the number of vCPUs", "memory_gib": "the memory"}
    found = []
    rows = costed.filter(pl.col("needs_target") & pl.col("target").is_null() & ~pl.col("sized"))
    for row in _rows(rows.select("name", "source", *columns)):
        missing = " and ".join(words for column, words in columns.items() if not row[column])
        found.append(
            Finding(
                code="server-not-sized",
                severity=Severity.error,
                subject=str(row["name"]),
                source=str(row["source"]),
                message=f"No target was chosen: {missing} {'are' if ' and ' in missing else 'is'} not known",
                remedy="Add it to the inventory, or decide in [[disposition]] that the server stays or is retired.",
            )
        )
    return found


def _too_large(costed: pl.DataFrame) -> list[Finding]:
    rows = costed.filter(pl.col("needs_target") & pl.col("target").is_null() & pl.col("sized"))
    return [
        Finding(
            code="server-without-fit",
            severity=Severity.error,
            subject=str(row["name"]),
            source=str(row["source"]),
            message=f"No instance type priced in {row['region']} is large enough, or allowed: it {row['target_reason']}",
            remedy="Check its size; allow another architecture, region or price term; or split its load.",
        )
        for row in _rows(rows.select("name", "source", "region", "target_reason"))
    ]


def _to_confirm(costed: pl.DataFrame) -> list[Finding]:
    proposed = pl.col("disposition_rule").is_in(["off-and-orphaned", "idle-and-orphaned"])
    kept = pl.col("disposition_rule") == "off-and-claimed"
    rows = costed.filter(proposed | kept).select("name", "source", "disposition_reason", kept=kept)
    return [
        Finding(
            code="powered-off-kept" if row["kept"] else "retire-proposed",
            severity=Severity.info,
            subject=str(row["name"]),
            source=str(row["source"]),
            message=f"{'It moves' if row['kept'] else 'It is proposed to be retired'}: {row['disposition_reason']}",
            remedy="Ask its owner, and record the answer in [[disposition]].",
        )
        for row in _rows(rows)
    ]


def _bought(costed: pl.DataFrame) -> list[Finding]:
    servers = costed.filter("bought").with_columns(subject=pl.coalesce("application", "name"))
    counted = servers.group_by("subject").agg(pl.len(), pl.col("source").sort().first()).sort("subject")
    return [
        Finding(
            code="service-not-priced",
            severity=Severity.warning,
            subject=str(row["subject"]),
            source=str(row["source"]),
            message=f"A bought service takes the place of {row['len']} servers, and its price is not known",
            remedy="Ask its vendor for the subscription; it is in no total of this plan.",
        )
        for row in _rows(counted)
    ]


def _without_disks(costed: pl.DataFrame) -> list[Finding]:
    rows = costed.filter(pl.col("needs_target") & pl.col("target").is_not_null() & (pl.col("volumes_gib").list.len() == 0))
    return [
        Finding(
            code="disks-unknown",
            severity=Severity.warning,
            subject=str(row["name"]),
            source=str(row["source"]),
            message="Neither disks nor allocated disk space are known: its storage is in no cost",
            remedy="Add the disks to the inventory.",
        )
        for row in _rows(rows.select("name", "source"))
    ]


def _licensed(costed: pl.DataFrame) -> list[Finding]:
    engines = costed.filter(pl.col("needs_target") & ~pl.col("managed")).select("name", pl.col("engines").alias("engine"))
    exploded = engines.explode("engine").filter(pl.col("engine").is_in(_LICENSED))
    counted = exploded.group_by("engine").agg(pl.len(), pl.col("name").sort().first()).sort("engine")
    return [
        Finding(
            code="database-licence-not-priced",
            severity=Severity.warning,
            subject=str(row["engine"]),
            message=f"{row['len']} servers run {row['engine']} (such as {row['name']}); its licences are taken as brought "
            "along and are in no cost",
            remedy="Check that the licences may be used in the cloud, and on how many cores.",
        )
        for row in _rows(counted)
    ]


def doubts_about_book(book: PriceBook, start: dt.date) -> list[Finding]:
    """Parts of the price book that are more than twelve months older than the start of the programme."""
    old = [name for name in book.used_sources if (start - book.sources[name].date).days > _OLD_DAYS]
    if not old:
        return []
    parts = "; ".join(f"{name} of {book.sources[name].date}" for name in old)
    return [
        Finding(
            code="price-book-old",
            severity=Severity.warning,
            subject=book.label,
            source=book.place,
            message=f"Prices are over 12 months older than the start of the plan: {parts}",
            remedy="Name a newer price book in [target] prices before figures are signed.",
        )
    ]

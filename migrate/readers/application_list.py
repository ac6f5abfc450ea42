"""Application lists: a CSV file with one row per application, as portfolio teams keep it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.model.names import DISPOSITIONS
from migrate.readers.cells import Column, normal_header, read_columns
from migrate.readers.criticality import criticality_of
from migrate.readers.delimited import header_of, read_delimited
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading

__all__ = ["NAME", "identify", "read"]

NAME = "application list"

_MOST_HOURS = 100_000.0

_COLUMNS = (
    Column(
        "application", ("application", "application name", "app", "app name", "name of application", "applikation", "anwendung")
    ),
    Column("domain", ("domain", "business domain", "business area", "business unit", "department", "portfolio", "capability")),
    Column(
        "owner",
        ("owner", "application owner", "app owner", "business owner", "it owner", "technical owner", "owned by", "product owner"),
    ),
    Column(
        "criticality",
        ("criticality", "business criticality", "application criticality", "tier", "service tier", "importance", "priority"),
    ),
    Column("rto_h", ("rto h", "rto hours", "rto hrs", "rto hr", "rto in hours", "rto", "recovery time objective"), longest=40),
    Column("rpo_h", ("rpo h", "rpo hours", "rpo hrs", "rpo hr", "rpo in hours", "rpo", "recovery point objective"), longest=40),
    Column("rto_min", ("rto min", "rto minutes", "rto mins"), longest=40),
    Column("rpo_min", ("rpo min", "rpo minutes", "rpo mins"), longest=40),
    Column(
        "data_class",
        ("data class", "data classification", "data type", "classification", "information class", "data sensitivity"),
    ),
    Column(
        "disposition_hint", ("disposition", "disposition hint", "migration strategy", "strategy", "r type", "treatment", "7r")
    ),
    Column("hospital", ("hospital", "facility", "hospital name", "facility name", "entity", "legal entity", "klinik")),
    Column("cost_center", ("cost center", "cost centre", "costcenter", "cost center code", "kostenstelle")),
    Column("description", ("description", "comment", "comments", "notes", "purpose"), longest=1000),
    Column("servers", ("servers", "server list", "server names", "hosts", "hostnames", "components"), longest=100_000),
)
_TELLING = frozenset(("criticality", "rto_h", "rpo_h", "rto_min", "rpo_min", "data_class", "servers"))
_BY_HEADER = {header: column.name for column in _COLUMNS for header in column.headers}

# how other lists of dispositions call the seven
_DISPOSITION_WORDS = {name: name for name in DISPOSITIONS} | {
    "rearchitect": "refactor",
    "re architect": "refactor",
    "rebuild": "refactor",
    "lift and shift": "rehost",
    "replace": "repurchase",
    "retirement": "retire",
    "decommission": "retire",
    "keep": "retain",
    "revisit": "retain",
}


def identify(peek: Peek) -> str | None:
    """Say why this is an application list, or None.

    It names applications and says of them what only an application list says (criticality, RTO, RPO, data class, their
    servers), or both their domain and owner; and at least a third of its columns are known: exports of other tools have
    columns of these names among dozens.
    """
    if peek.kind != "text":
        return None
    header = [normal_header(cell) for cell in header_of(peek) if cell.strip()]
    known = {_BY_HEADER[name] for name in header if name in _BY_HEADER}
    if "application" not in known or len(known) * 3 < len(header):
        return None
    if not (known & _TELLING or {"domain", "owner"} <= known):
        return None
    return f"has the columns {', '.join(sorted(known))}"


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Read application lists."""
    applications, memberships = [], []
    for peek in sorted(peeks, key=lambda peek: peek.label):
        raw = read_delimited(peek, ledger)
        ledger.read[peek.label] += raw.height
        frame, used = read_columns(raw, _COLUMNS, ledger)
        _tell_of_columns(peek, [name for name in raw.columns if name not in (*used, "source")], ledger)
        frame = _named(frame, ledger)
        applications.append(_understood(frame, ledger))
        memberships.append(_memberships(frame))
        peek.release()
    return Reading({"applications": pl.concat(applications), "memberships": pl.concat(memberships)} if peeks else {})


def _named(frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    nameless = pl.col("application").is_null()
    ledger.rows(
        frame.filter(nameless),
        "row-without-name",
        Severity.warning,
        subject=pl.col("source"),
        message="A row names no application, so it was left out",
        remedy="Name the application, or remove the row.",
    )
    return frame.filter(~nameless)


def _understood(frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Words and durations turned into levels and hours; what is not understood is told."""
    level = criticality_of(pl.col("criticality"))
    plain = pl.col("disposition_hint").str.to_lowercase().str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    hint = plain.replace_strict(_DISPOSITION_WORDS, default=None, return_dtype=pl.String)
    hours = {
        name: pl.coalesce(_hours(pl.col(f"{name}_h"), 1.0), _hours(pl.col(f"{name}_min"), 1 / 60.0)) for name in ("rto", "rpo")
    }
    told = {
        "criticality": (level, pl.col("criticality")),
        "disposition": (hint, pl.col("disposition_hint").filter(pl.lit(value=True))),
        "rto_h": (hours["rto"], pl.coalesce("rto_h", "rto_min")),
        "rpo_h": (hours["rpo"], pl.coalesce("rpo_h", "rpo_min")),
    }
    for name, (understood, given) in told.items():
        ledger.rows(
            frame.filter(given.is_not_null() & understood.is_null()),
            "value-set-aside",
            Severity.warning,
            subject=pl.col("application"),
            message=pl.format(f"The {name} is not understood, so it counts as unknown: {{}}", given.str.slice(0, 60)),
            remedy="Criticality is mission-critical, high, medium or low; RTO and RPO are hours; dispositions are the 7R.",
            aside=False,
        )
    return frame.select(
        "application",
        "domain",
        "owner",
        level.alias("criticality"),
        hours["rto"].alias("rto_h"),
        hours["rpo"].alias("rpo_h"),
        "data_class",
        hint.alias("disposition_hint"),
        "description",
        "hospital",
        "cost_center",
        pl.lit("application list").alias("reader"),
        "source",
    )


def _hours(text: pl.Expr, per_unit: float) -> pl.Expr:
    """Hours out of ``4``, ``4 h``, ``30 min``, ``2 days`` or ``0,5``; `per_unit` hours where no unit stands."""
    lower = text.str.to_lowercase().str.strip_chars()
    number = lower.str.extract(r"^([\d.,]+)").str.replace(",", ".").cast(pl.Float64, strict=False)
    unit = lower.str.extract(r"^[\d.,]+\s*([a-z]*)\.?$")
    factor = (
        pl.when(unit == "")
        .then(per_unit)
        .when(unit.is_in(["h", "hr", "hrs", "hour", "hours"]))
        .then(1.0)
        .when(unit.is_in(["m", "min", "mins", "minute", "minutes"]))
        .then(1 / 60.0)
        .when(unit.is_in(["d", "day", "days"]))
        .then(24.0)
        .otherwise(None)
    )
    hours = number * factor
    return pl.when(hours.is_between(0.0, _MOST_HOURS)).then(hours).otherwise(None)


def _memberships(frame: pl.DataFrame) -> pl.DataFrame:
    listed = frame.filter(pl.col("servers").is_not_null()).with_columns(
        pl.col("servers").str.replace_all(r"[,;|\s]+", ";").str.strip_chars(";").str.split(";").alias("server")
    )
    each = listed.explode("server", empty_as_null=True, keep_nulls=True)
    each = each.filter(pl.col("server").fill_null("") != "").unique(["application", "server"], keep="first", maintain_order=True)
    return each.select(
        "server",
        "application",
        pl.lit(1.0).alias("confidence"),
        pl.lit("listed with the application").alias("evidence"),
        "source",
    )


def _tell_of_columns(peek: Peek, unread: list[str], ledger: Ledger) -> None:
    if unread:
        ledger.tell(
            "column-not-read",
            Severity.info,
            peek.label,
            peek.label,
            f"These columns were not read: {', '.join(sorted(unread)[:20])}",
            "Nothing to do, or rename them as docs/inventories.md lists them.",
        )

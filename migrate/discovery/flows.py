"""Flow logs to conversations: the ibis expression of `migrate.discovery.conversations`, run by the engine of the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from migrate.discovery.engines.alike import alike
from migrate.discovery.window import observed_window
from migrate.errors import InputError
from migrate.model.stages import FlowFiles
from migrate.readers.flow_formats import FORMATS, format_named
from migrate.readers.flow_formats.record_kinds import REJECTED
from migrate.spec.flows import Flows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from migrate.discovery.engines import Engine

__all__ = ["DAYS", "Conversations", "conversations_by", "read_conversations"]

#: The columns of a conversation that hold one bit a day.
DAYS = pl.selectors.starts_with("days_")

_KEY = ["kind", "client", "server", "protocol", "port"]


@dataclass(frozen=True)
class Conversations:
    """What the flow logs say, aggregated.

    Attributes
    ----------
    frame
        See `migrate.discovery.conversations.conversations`; all numbers Int64; in no order. ``client`` and ``server`` are
        places in `ends` (UInt32).
    ends
        Addresses and names, each once, sorted.
    observed_days
        Days, counted from the hour of the first record, on which anything at all was recorded; 1 where records have no
        times.
    rows
        Rows of the flow logs, of whatever kind.
    records
        Records by kind (see `migrate.readers.flow_formats.record_kinds`); a flow that several observation points recorded
        counts once.
    start, end
        First and last second of accepted and rejected records (UTC, since 1970); None without times.
    unreadable
        Lines that could not be split into fields, by file. They are among no `rows`.
    untimed, strayed
        Accepted and rejected rows without a usable time, and with one outside the observed window.
    formats
        Names of the formats that were read, in the order of ``FORMATS``.
    """

    frame: pl.DataFrame
    ends: pl.Series
    observed_days: int = 1
    rows: int = 0
    records: dict[int, int] = field(default_factory=dict)
    start: int | None = None
    end: int | None = None
    unreadable: dict[str, int] = field(default_factory=dict)
    untimed: int = 0
    strayed: int = 0
    formats: tuple[str, ...] = ()

    def named(self) -> pl.DataFrame:
        """`frame` with the texts of `ends`, sorted by its key."""
        texts = [self.ends.gather(self.frame[end]).alias(end) for end in ("client", "server")]
        return self.frame.with_columns(texts).sort(_KEY, nulls_last=True)


def read_conversations(
    flows: FlowFiles,
    asked: Flows,
    leases: pl.DataFrame | None = None,
    progress: Callable[[str, float], None] = lambda _, __: None,
) -> Conversations:
    """Aggregate flow logs.

    Parameters
    ----------
    flows
        Files as the readers recognised them; DuckDB and Spark read them.
    asked
        The engine, its memory, a table that it has, and the business hours.
    leases
        `Estate.leases`, or None.
    progress
        Called with what is being done and the share that is done, 0 to 1.

    Raises
    ------
    InputError
        A file cannot be read or lacks a needed field; the table is missing, or is none of flow logs; there is neither.
    RequestError
        The engine is not to be had.
    MigrateError
        The engine failed.
    """
    from migrate.discovery.engines import open_engine  # noqa: PLC0415

    if not flows.files and not asked.table:
        raise InputError("there are no flow logs", where="flows", remedy="Name files, or a table of the engine in flows.table.")
    with open_engine(asked) as engine:
        return conversations_by(engine, flows, asked, leases, progress)


def conversations_by(
    engine: Engine,
    flows: FlowFiles,
    asked: Flows,
    leases: pl.DataFrame | None = None,
    progress: Callable[[str, float], None] = lambda _, __: None,
) -> Conversations:
    """`read_conversations` by an engine that is open."""
    from migrate.discovery.accounts import accounted, by_hour, rows_alike  # noqa: PLC0415 -- imports ibis
    from migrate.discovery.conversations import conversations_of_folded, folded_records  # noqa: PLC0415

    records = list(_records(engine, flows, asked.table))
    formats = [place for place, _ in records]
    progress("counting flow records by hour", 0.0)
    hours = engine.run(by_hour([table for _, table in records]))
    window = observed_window(_counts(hours), asked.time_zone, asked.business_hours)
    progress("adding up flow records", 0.2)
    rows = engine.keep(folded_records(records, window, _periods(leases)))
    counted = engine.run(accounted(rows)).row(0, named=True)
    unreadable = engine.unreadable()
    progress("telling clients from servers", 0.8)
    answer = engine.run(conversations_of_folded(rows, window, rows_alike(counted, formats)))
    frame, ends = _numbered(answer)
    return Conversations(
        frame=frame,
        ends=ends,
        observed_days=window.days,
        rows=int(counted["rows"] or 0),
        untimed=int(counted["untimed"] or 0),
        strayed=int(counted["strayed"] or 0),
        records=dict(frame.group_by("kind").agg(pl.col("records").sum()).sort("kind").iter_rows()),
        **_span(frame),
        unreadable=unreadable,
        formats=tuple(FORMATS[place].NAME for place in sorted(set(formats))),
    )


def _records(engine: Engine, flows: FlowFiles, name: str) -> Iterator[tuple[int, ir.Table]]:
    """The records of each group of files that lie alike, and of the table, each with the place of its format."""
    for files in alike(flows.files):
        module = format_named(files.format)
        raw = engine.table(files)
        if not module.fits(raw.columns):
            raise _lacking(raw.columns, files.shown())
        yield FORMATS.index(module), module.records(raw)
    if name:
        raw = engine.named(name)
        place = next((place for place, module in enumerate(FORMATS) if module.fits(raw.columns)), None)
        if place is None:
            raise _lacking(raw.columns, name)
        yield place, FORMATS[place].records(raw)


def _lacking(columns: tuple[str, ...], where: str) -> InputError:
    """What columns of the two commonest forms are missing."""
    from migrate.readers.flow_formats.fields import plain_names  # noqa: PLC0415

    there = plain_names(columns)
    forms = {"VPC Flow Logs": ("srcaddr", "dstaddr", "dstport", "protocol"), "plain edges": ("client", "server", "port")}
    lacking = {form: [name for name in names if name not in there] for form, names in forms.items()}
    told = "; ".join(f"for {form} {', '.join(names)}" for form, names in lacking.items())
    return InputError(f"lacks columns of flow logs: {told}", where=where, remedy="Rename its columns, or name another table.")


def _counts(by_hour: pl.DataFrame) -> dict[int, int]:
    summed = by_hour.drop_nulls("hour").group_by("hour").agg(pl.col("rows").sum())
    return {int(hour): int(rows) for hour, rows in summed.sort("hour").iter_rows()}


def _periods(leases: pl.DataFrame | None) -> ir.Table | None:
    import ibis  # noqa: PLC0415

    from migrate.discovery.leased import lease_periods  # noqa: PLC0415

    return None if leases is None or leases.is_empty() else ibis.memtable(lease_periods(leases).to_arrow())


def _numbered(answer: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The same types, whichever engine answered, and numbers for ends: ten million rows hold few texts."""
    both = answer.select(pl.col("client", "server").cast(pl.String))
    ends = pl.concat([both["client"].unique(), both["server"].unique()]).drop_nulls().unique().sort().rename("end")
    number = pl.col("client", "server").cast(pl.Enum(ends)).to_physical().cast(pl.UInt32)
    others = answer.drop("client", "server").cast(pl.Int64)
    return others.hstack(both.select(number)).select(answer.columns), ends


def _span(frame: pl.DataFrame) -> dict[str, int | None]:
    seen = frame.filter(pl.col("kind") <= REJECTED)
    first, last = seen.select(pl.col("first_seen").min(), pl.col("last_seen").max()).row(0)
    return {"start": first, "end": last}

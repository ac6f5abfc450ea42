"""Flow logs to conversations: one ibis expression, run by DuckDB where the files lie, out of core.

A VPC flow record is one direction of one connection as one network interface saw it in one aggregation interval
(https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from migrate.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend as DuckDB

__all__ = ["ACCEPTED", "MALFORMED", "REJECTED", "SKIPPED", "read_conversations"]

#: Kinds of records: `kind` of a conversation. The last two have neither addresses nor port.
ACCEPTED, REJECTED, SKIPPED, MALFORMED = 0, 1, 2, 3

_MEMORY_LIMIT = "4GB"
_SECONDS_A_DAY = 86_400
_MILLISECONDS_FROM = 100_000_000_000  # as seconds the year 5138: such times are milliseconds
_PLAUSIBLE = (946_684_800, 4_102_444_800)  # 2000 to 2100: other times are unknown times
_LARGEST_SPAN = 16  # masks, of 63 days each: later days are summed but not counted as active
_NEEDED = ("srcaddr", "dstaddr", "dstport", "protocol")
_KEY = ["kind", "client", "server", "protocol", "port"]


def read_conversations(files: Sequence[Path]) -> tuple[pl.DataFrame, int]:
    """Aggregate flow logs.

    Parameters
    ----------
    files
        Parquet files with the fields of VPC Flow Logs, ``-`` or ``_`` between words. Needed: srcaddr, dstaddr,
        dstport, protocol; every other field may be absent.

    Returns
    -------
    conversations
        See `migrate.discovery.orientation.conversations`, sorted by its key.
    observed_days
        Days on which anything at all was recorded; 1 when the records have no times.

    Raises
    ------
    InputError
        A file cannot be read or lacks a needed field.
    """
    import duckdb  # noqa: PLC0415
    import ibis  # noqa: PLC0415  (1.5 s to import: only those who have flows pay for it)

    from migrate.discovery.orientation import MASK_DAYS, conversations  # noqa: PLC0415

    shown = ", ".join(file.name for file in files[:3]) + (" …" if len(files) > 3 else "")
    with tempfile.TemporaryDirectory(prefix="migrate-flows-") as spill:
        backend = ibis.duckdb.connect(memory_limit=_MEMORY_LIMIT, temp_directory=spill, preserve_insertion_order=False)
        try:
            raw = backend.read_parquet([str(file) for file in files], union_by_name=True)
            records = _records(raw, shown)
            first, last = _day_span(backend, records)
            masks = min((last - first) // MASK_DAYS + 1, _LARGEST_SPAN)
            found = _run(backend, conversations(records.mutate(day=records.day - first), masks))
        except (duckdb.Error, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise InputError(
                f"cannot be read as flow logs: {reason}", where=shown, remedy="Write the Parquet files again, or leave them out."
            ) from None
        finally:
            backend.disconnect()
    return _with_active_days(found.sort(_KEY, nulls_last=True))


def _run(backend: DuckDB, expression: ir.Table) -> pl.DataFrame:
    """Run an expression without ibis's own way home, which imports pandas for a second."""
    answer = pl.from_arrow(backend.con.sql(backend.compile(expression)).to_arrow_table())
    assert isinstance(answer, pl.DataFrame)
    return answer


def _day_span(backend: DuckDB, records: ir.Table) -> tuple[int, int]:
    times = records.filter(records.kind <= REJECTED)
    first, last = _run(backend, times.aggregate(first=times.day.min(), last=times.day.max())).row(0)
    return (int(first), int(last)) if first is not None else (0, 0)


def _with_active_days(found: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Count the bits of the day masks, of each conversation and of all together."""
    masks = pl.selectors.starts_with("days_")
    seen = found.filter(pl.col("kind") <= REJECTED).select(masks.bitwise_or())
    observed = sum(int(value or 0).bit_count() for value in (seen.row(0) if seen.height else ()))
    days = pl.sum_horizontal(masks.bitwise_count_ones().cast(pl.Int64))
    counted = found.with_columns(active_days=days.clip(1)).drop(masks)
    return counted, max(observed, 1)


def _records(raw: ir.Table, shown: str) -> ir.Table:
    """Rename and type the fields; say of each record of which kind it is."""
    import ibis  # noqa: PLC0415

    names = {column.lower().replace("-", "_"): column for column in reversed(raw.columns)}
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(
            f"lacks the field {', '.join(missing)}",
            where=shown,
            remedy="Flow logs need srcaddr, dstaddr, dstport and protocol.",
        )

    def text(name: str) -> ir.StringValue:
        return raw[names[name]].cast("string") if name in names else ibis.literal("", type="string")

    def number(name: str, absent: int) -> ir.IntegerValue:
        if name not in names:
            return ibis.literal(absent, type="int64")
        column = raw[names[name]]
        whole = column.cast("int64") if column.type().is_integer() else column.try_cast("int64")
        return whole.coalesce(ibis.literal(absent, type="int64"))

    start, end = _seconds(raw, names.get("start")), _seconds(raw, names.get("end"))
    table = raw.select(
        src=text("srcaddr"),
        dst=text("dstaddr"),
        srcport=number("srcport", 0),
        dstport=number("dstport", 0),
        protocol=number("protocol", -1),
        packets=number("packets", 0),
        bytes=number("bytes", 0),
        flags=number("tcp_flags", 0),
        start=start.coalesce(end),
        end=end.coalesce(start),
        action=text("action").upper(),
        status=text("log_status").upper(),
        interface=text("interface_id"),
    )
    named = (table.src.length() > 2) & (table.dst.length() > 2)
    sane = (
        named
        & table.srcport.between(0, 65_535)
        & table.dstport.between(0, 65_535)
        & table.protocol.between(0, 255)
        & (table.packets >= 0)
        & (table.bytes >= 0)
    )
    kind = ibis.cases(
        (table.status.isin(["NODATA", "SKIPDATA"]), SKIPPED),
        (~sane.fill_null(False), MALFORMED),
        (table.action == "REJECT", REJECTED),
        else_=ACCEPTED,
    )
    day = table.start // _SECONDS_A_DAY
    return table.mutate(kind=kind.cast("int8"), day=day.cast("int64")).drop("action", "status")


def _seconds(raw: ir.Table, column: str | None) -> ir.IntegerValue:
    """A time as whole seconds since 1970 (UTC), whatever type the file gives it."""
    import ibis  # noqa: PLC0415

    if column is None:
        return ibis.null("int64")
    value = raw[column]
    if value.type().is_timestamp():
        return value.epoch_seconds().cast("int64")
    if value.type().is_date():
        return value.cast("timestamp").epoch_seconds().cast("int64")
    whole = value.cast("int64") if value.type().is_integer() else value.try_cast("int64")
    seconds = ibis.ifelse(whole >= _MILLISECONDS_FROM, whole // 1000, whole)
    return ibis.ifelse(seconds.between(*_PLAUSIBLE), seconds, ibis.null("int64"))

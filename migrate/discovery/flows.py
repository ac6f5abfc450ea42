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

from migrate.discovery.record_kinds import REJECTED
from migrate.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend as DuckDB

__all__ = ["DAYS", "read_conversations"]

#: The columns of a conversation that hold one bit a day.
DAYS = pl.selectors.starts_with("days_")

_MEMORY_LIMIT = "4GB"
_SECONDS_A_DAY = 86_400
_LARGEST_SPAN = 16  # masks, of 63 days each: later days are summed but not counted as active
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
        Days, counted from the first record, on which anything at all was recorded; 1 when the records have no times.

    Raises
    ------
    InputError
        A file cannot be read or lacks a needed field.
    """
    import duckdb  # noqa: PLC0415
    import ibis  # noqa: PLC0415  (1.5 s to import: only those who have flows pay for it)

    from migrate.discovery.flow_records import flow_records  # noqa: PLC0415
    from migrate.discovery.orientation import MASK_DAYS, conversations  # noqa: PLC0415

    shown = ", ".join(file.name for file in files[:3]) + (" …" if len(files) > 3 else "")
    with tempfile.TemporaryDirectory(prefix="migrate-flows-") as spill:
        backend = ibis.duckdb.connect(memory_limit=_MEMORY_LIMIT, temp_directory=spill, preserve_insertion_order=False)
        backend.con.execute("SET enable_progress_bar = false")  # it would be drawn on stdout, where results go
        try:
            raw = backend.read_parquet([str(file) for file in files], union_by_name=True)
            records = flow_records(raw, shown)
            first, last = _time_span(backend, records)
            masks = min((last - first) // (_SECONDS_A_DAY * MASK_DAYS) + 1, _LARGEST_SPAN)
            records = records.mutate(day=(records.start - first) // _SECONDS_A_DAY)
            found = _run(backend, conversations(records, masks)).sort(_KEY, nulls_last=True)
        except (duckdb.Error, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise InputError(
                f"cannot be read as flow logs: {reason}", where=shown, remedy="Write the Parquet files again, or leave them out."
            ) from None
        finally:
            backend.disconnect()
    return found, _days_with_records(found)


def _run(backend: DuckDB, expression: ir.Table) -> pl.DataFrame:
    """Run an expression without ibis's own way home, which imports pandas for a second."""
    answer = pl.from_arrow(backend.con.sql(backend.compile(expression)).to_arrow_table())
    assert isinstance(answer, pl.DataFrame)
    return answer


def _time_span(backend: DuckDB, records: ir.Table) -> tuple[int, int]:
    """First and last second in which a record starts; days are counted from the first, not from midnight."""
    times = records.filter(records.kind <= REJECTED)
    first, last = _run(backend, times.aggregate(first=times.start.min(), last=times.start.max())).row(0)
    return (int(first), int(last)) if first is not None else (0, 0)


def _days_with_records(found: pl.DataFrame) -> int:
    seen = found.filter(pl.col("kind") <= REJECTED).select(DAYS.bitwise_or())
    return max(sum(int(value or 0).bit_count() for value in (seen.row(0) if seen.height else ())), 1)

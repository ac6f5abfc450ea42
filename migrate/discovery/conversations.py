"""Flow records to conversations: who opens connections to which port of whom, and how much. One ibis expression.

    records ─ leased ─▶ ─ folded ─▶ by kind, ends, server port, observation point, day
            ─ oriented ─▶ client and server ─ by_day ─▶ each flow once ─ over_days ─▶ conversations

Whole numbers only: results depend neither on the order in which threads add nor on the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from migrate.discovery.daily import Alike, by_day, over_days
from migrate.discovery.folding import folded
from migrate.discovery.leased import leased
from migrate.discovery.orientation import oriented
from migrate.discovery.window import Window
from migrate.readers.flow_formats.record_kinds import REJECTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["conversations", "conversations_of_folded", "folded_records"]


def conversations(records: Sequence[tuple[int, ir.Table]], window: Window, leases: ir.Table | None = None) -> ir.Table:
    """One row per kind, client, server, protocol and server port.

    Parameters
    ----------
    records
        Records as `migrate.readers.flow_formats` gives them, each table with the place of its format in ``FORMATS``. At
        least one; a format may occur again, for files that lie differently.
    window
        What was observed.
    leases
        `migrate.discovery.leased.lease_periods` as a table of the same engine, or None.

    Returns
    -------
    In no order, beside the key (``kind``, ``client``, ``server``, ``protocol``, ``port``; ends are null where the records
    are broken, and ``lease:<n>`` where an address was leased):
    ``bytes_out`` (client to server), ``bytes_in``, ``packets_out``, ``packets_in``, ``records``;
    ``connections`` (told by the source, or records that carry the client's SYN; where there is neither, records of the
    busier direction) and ``business_connections``, those in business hours;
    ``bytes_day_p95`` (both directions), ``connections_day_p95``: the value of rank ceil(0.95 D) among the D observed days,
    silent ones counting 0; null where no record is known to belong to a day;
    ``bytes_last_day`` (both directions), ``connections_last_day``: of the last observed day;
    ``first_seen`` and ``last_seen`` (UTC seconds, null without times); ``hours`` (bit i: something began in hour i of some
    day, UTC); ``days_0`` … (bit i: something began on day i); ``sources`` (bit i: format i of ``FORMATS``).
    A flow that several observation points recorded counts once.
    """
    return conversations_of_folded(folded_records(records, window, leases), window)


def folded_records(records: Sequence[tuple[int, ir.Table]], window: Window, leases: ir.Table | None = None) -> ir.Table:
    """The first half of `conversations`, which reads every record once: an engine may keep its rows for the second."""
    tables = (folded(table if leases is None else leased(table, leases), window, source) for source, table in records)
    return reduce(lambda one, other: one.union(other), tables)


def conversations_of_folded(rows: ir.Table, window: Window, alike: Alike = Alike()) -> ir.Table:  # noqa: B008 -- frozen
    """The second half of `conversations`, which uses the folded rows several times.

    Parameters
    ----------
    alike
        What is known of the rows: an engine is not asked to look for rows to put together where there are none.
    """
    if not alike.apart:
        return over_days(by_day(oriented(rows, alike.decided), alike), window, alike)
    # Records that say nothing lose their ends when they are folded, so that theirs are alike.
    telling, broken = rows.filter(rows.kind <= REJECTED), rows.filter(rows.kind > REJECTED)
    found = over_days(by_day(oriented(telling, decided=True), alike), window, alike)
    return found.union(over_days(by_day(oriented(broken, decided=True), Alike()), window, Alike()))

"""CSV that ``nfdump -o csv`` writes: the long form of 1.6, and the short form of 1.7.

Fields: nfdump(1), and ``csv.cvsline`` of nfdump.conf. A row is one direction of a flow, or both after ``nfdump -B``. nfdump
writes local times: run it with ``TZ=UTC``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import whole
from migrate.readers.flow_formats.fields import Fields, plain_names, staged
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.tcp_flags import attempt, flag_bits
from migrate.readers.flow_formats.times import duration, seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "nfdump"

_LONG = frozenset(("ts", "sa", "da", "dp", "pr"))
_SHORT = frozenset(("firstseen", "srcaddr", "dstaddr", "dstport", "proto"))
_SUMMARY = r"^(Summary|flows|Time window|Total flows|Sys:|No matched flows|[0-9]+$)"  # how the lines behind the rows begin
_DROPPED = (128, 191)  # forwarding status: the two highest bits are 10 (RFC 7270, section 4.12)


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    names = plain_names(columns)
    return names >= _LONG or names >= _SHORT


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are such records, or None."""
    head = table_head(peek)
    return told(head, "has the columns of nfdump's CSV", peek) if head and fits(head.columns) else None


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`.

    Flags are those of the whole flow: a SYN with an ACK says that it was answered, not by whom. Connections are told only
    where rows were aggregated (``-A``): there they are the flows. The summary behind the rows has no protocol and no time;
    it says nothing.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)
    begin, protocol = seconds(fields.get("ts", "firstseen")), protocol_number(fields.get("pr", "proto"))
    flows = whole(fields.get("fl", "flows"))
    raw = staged(
        raw,
        begin_known=begin,
        protocol_known=protocol,
        flows_known=flows,
        flags_known=flag_bits(fields.text("flg", "flags")),
    )
    fields, begin, protocol, flows = Fields(raw), raw.begin_known, raw.protocol_known, raw.flows_known
    until = seconds(fields.get("te", "lastseen")) if fields.get("te", "lastseen") is not None else None
    if until is None:
        until = begin + duration(fields.get("td", "duration"))
    router, way = fields.text("ra"), fields.text("dir")
    return record(
        raw,
        src=fields.text("sa", "srcaddr"),
        dst=fields.text("da", "dstaddr"),
        srcport=port_number(fields.get("sp", "srcport"), protocol),
        dstport=port_number(fields.get("dp", "dstport"), protocol),
        protocol=protocol,
        packets=whole(fields.get("ipkt", "pkt", "packets", "inpackets")),
        bytes_=whole(fields.get("ibyt", "byt", "bytes", "inbytes")),
        packets_back=whole(fields.get("opkt", "outpackets")),
        bytes_back=whole(fields.get("obyt", "outbytes")),
        connections=ibis.ifelse((flows > 1) | (flows < 0), flows, ibis.null("int64")),
        flags=attempt(raw.flags_known),
        start=begin,
        end=until,
        interface=ibis.ifelse(router.isin(["", "0.0.0.0", "::"]), "", router + "/" + way),  # noqa: S104 -- nowhere
        skipped=(fields.text("pr", "proto") == "") & fields.text("ts", "firstseen").re_search(_SUMMARY),
        rejected=whole(fields.get("fwd")).between(*_DROPPED),
    )

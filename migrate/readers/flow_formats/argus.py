"""CSV that Argus' client ``ra`` writes, also as ``.binetflow``: both directions of a flow in one row.

Fields, directions and states: ra(1), https://openargus.org/using-argus. The middle of ``Dir`` is ``?`` where Argus did not see
who began; an arrow to the left says that the destination did. ``ra`` writes local times: run it with ``TZ=UTC``, or print
seconds with ``-u``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import whole
from migrate.readers.flow_formats.fields import Fields, plain_names
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import TCP, protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.tcp_flags import flag_bits
from migrate.readers.flow_formats.times import duration, seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "argus"

_NEEDED = frozenset(("srcaddr", "dstaddr", "dport", "proto"))
_NO_IP = ("arp", "rarp", "llc", "lldp", "stp", "loop", "man", "ipx/spx", "802.1d", "eapol", "pppoed")
_SYN, _ACK = 2, 16


class _Side(NamedTuple):
    """One end of a row, and what it sent."""

    address: ir.StringValue
    port: ir.IntegerValue
    packets: ir.IntegerValue
    bytes: ir.IntegerValue
    flags: ir.IntegerValue


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    return plain_names(columns) >= _NEEDED


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are such records, or None."""
    head = table_head(peek)
    return told(head, "has the columns of Argus", peek) if head and fits(head.columns) else None


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`. Records of what is no IP say nothing of a connection.

    A TCP connection was rejected where its SYN was never answered by one: ``S_RA``, ``S_``, ``REQ``.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)
    protocol = protocol_number(fields.get("proto"))
    source, target = _sides(fields, protocol)
    way = fields.text("dir")
    turned = way.startswith("<") & ~way.contains(">") & ~way.contains("?")
    src = _Side(*(ibis.ifelse(turned, theirs, ours) for ours, theirs in zip(source, target, strict=True)))
    dst = _Side(*(ibis.ifelse(turned, ours, theirs) for ours, theirs in zip(source, target, strict=True)))
    state = fields.text("state").upper()
    unanswered = ((src.flags & _SYN) != 0) & ((src.flags & _ACK) == 0) & ((dst.flags & _SYN) == 0)
    transactions = whole(fields.get("trans"))
    begin = seconds(fields.get("starttime", "stime"))
    last = fields.get("lasttime", "ltime")
    return record(
        raw,
        src=src.address,
        dst=dst.address,
        srcport=src.port,
        dstport=dst.port,
        protocol=protocol,
        packets=src.packets,
        bytes_=src.bytes,
        packets_back=dst.packets,
        bytes_back=dst.bytes,
        connections=ibis.ifelse(transactions == 0, 1, transactions),
        flags=src.flags,
        oriented=(way != "") & ~way.contains("?"),
        start=begin,
        end=begin + duration(fields.get("dur")) if last is None else seconds(last),
        interface=fields.text("srcid", "sid"),
        skipped=fields.text("proto").lower().isin(_NO_IP),
        rejected=(protocol == TCP) & ((state == "REQ") | unanswered),
    )


def _sides(fields: Fields, protocol: ir.IntegerValue) -> tuple[_Side, _Side]:
    packets, packets_back = _split(fields, "pkts")
    amount, amount_back = _split(fields, "bytes")
    state = fields.text("state").upper()
    source = _Side(
        fields.text("srcaddr", "saddr"),
        port_number(fields.get("sport"), protocol),
        packets,
        amount,
        flag_bits(state.re_extract("^([FSRPAUEC]*)_", 1)),
    )
    target = _Side(
        fields.text("dstaddr", "daddr"),
        port_number(fields.get("dport"), protocol),
        packets_back,
        amount_back,
        flag_bits(state.re_extract("_([FSRPAUEC]*)$", 1)),
    )
    return source, target


def _split(fields: Fields, unit: str) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """What the source and the destination sent; where only the sum is known, it is the source's."""
    total, ours, theirs = (fields.get(f"{part}{unit}") for part in ("tot", "src", "dst"))
    if ours is None and theirs is None:
        return whole(total), whole(None)
    sent = whole(total) - whole(theirs) if ours is None else whole(ours)
    back = (whole(total) - whole(ours) if total is not None else whole(None)) if theirs is None else whole(theirs)
    return sent, back

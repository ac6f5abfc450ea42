"""CSV that Argus' client ``ra`` writes, also as ``.binetflow``: both directions of a flow in one row.

Fields, directions and states: ra(1), https://openargus.org/using-argus. The middle of ``Dir`` is ``?`` where Argus did not see
who began; an arrow to the left says that the destination did. ``ra`` writes local times: run it with ``TZ=UTC``, or print
seconds with ``-u``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import whole
from migrate.readers.flow_formats.fields import Fields, plain_names, staged
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import TCP, protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.tcp_flags import attempt, flag_bits
from migrate.readers.flow_formats.times import duration, seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "argus"

_NEEDED = frozenset(("srcaddr", "dstaddr", "dport", "proto"))
_NO_IP = ("arp", "rarp", "llc", "lldp", "stp", "loop", "man", "ipx/spx", "802.1d", "eapol", "pppoed")
_SYN, _ACK = 2, 16
_SIDE = ("address", "port", "packets", "bytes", "flags")


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

    table = _typed(staged(raw, protocol_known=protocol_number(Fields(raw).get("proto"))))
    way = table.way
    turned = way.startswith("<") & ~way.contains(">") & ~way.contains("?")
    ends = {
        f"{end}_{name}": ibis.ifelse(turned, table[f"{other}_{name}"], table[f"{end}_{name}"])
        for end, other in (("source", "target"), ("target", "source"))
        for name in _SIDE
    }
    table = table.mutate(**ends).view()
    flags = table.source_flags
    unanswered = ((flags & _SYN) != 0) & ((flags & _ACK) == 0) & ((table.target_flags & _SYN) == 0)
    return record(
        table,
        src=table.source_address,
        dst=table.target_address,
        srcport=table.source_port,
        dstport=table.target_port,
        protocol=table.protocol,
        packets=table.source_packets,
        bytes_=table.source_bytes,
        packets_back=table.target_packets,
        bytes_back=table.target_bytes,
        connections=ibis.ifelse(table.transactions == 0, 1, table.transactions),
        flags=attempt(flags),
        oriented=(table.way != "") & ~table.way.contains("?"),
        start=table.start,
        end=table.end,
        interface=table.interface,
        skipped=table.name.isin(_NO_IP),
        rejected=(table.protocol == TCP) & ((table.state == "REQ") | unanswered),
    )


def _typed(raw: ir.Table) -> ir.Table:
    """The columns that count, typed; both sides as they stand in the row."""
    fields, protocol = Fields(raw), raw.protocol_known
    state = fields.text("state").upper()
    last = fields.get("lasttime", "ltime")
    begin = seconds(fields.get("starttime", "stime"))
    packets, packets_back = _split(fields, "pkts")
    amount, amount_back = _split(fields, "bytes")
    source = (
        fields.text("srcaddr"),
        port_number(fields.get("sport"), protocol),
        packets,
        amount,
        flag_bits(state.re_extract("^([FSRPAUEC]*)_", 1)),
    )
    target = (
        fields.text("dstaddr"),
        port_number(fields.get("dport"), protocol),
        packets_back,
        amount_back,
        flag_bits(state.re_extract("_([FSRPAUEC]*)$", 1)),
    )
    return raw.select(
        protocol=protocol,
        name=fields.text("proto").lower(),
        way=fields.text("dir"),
        state=state,
        start=begin,
        end=begin + duration(fields.get("dur")) if last is None else seconds(last),
        transactions=whole(fields.get("trans")),
        interface=fields.text("srcid", "sid"),
        **{f"source_{name}": value for name, value in zip(_SIDE, source, strict=True)},
        **{f"target_{name}": value for name, value in zip(_SIDE, target, strict=True)},
    ).view()


def _split(fields: Fields, unit: str) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """What the source and the destination sent; where only the sum is known, it is the source's."""
    total, ours, theirs = (fields.get(f"{part}{unit}") for part in ("tot", "src", "dst"))
    if ours is None and theirs is None:
        return whole(total), whole(None)
    sent = whole(total) - whole(theirs) if ours is None else whole(ours)
    back = (whole(total) - whole(ours) if total is not None else whole(None)) if theirs is None else whole(theirs)
    return sent, back

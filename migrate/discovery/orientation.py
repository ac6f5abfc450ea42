"""Which end of a flow is the server? The ibis expression from records to conversations.

Evidence, strongest first: the record's TCP flags (SYN 2: the source is the client; SYN and ACK 18: it is the
server); a port on which a server is known to listen against one that is not; a port below the ephemeral range
against one in it; an endpoint that others opened with SYN elsewhere; the endpoint that more peers share. Client ports
are folded away as soon as an end is known, so that only the doubtful records keep both.

Whole numbers only: the result does not depend on the order in which threads add.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.ports import EPHEMERAL_FROM, KNOWN

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["MASK_DAYS", "conversations"]

_SYN, _ACK = 2, 16
_SECONDS_AN_HOUR = 3_600
_KNOWN = [port for port in KNOWN if port < EPHEMERAL_FROM]
_TO_SERVER, _TO_CLIENT, _DOUBTFUL = 1, -1, 0
_KEY = ("kind", "client", "server", "protocol", "port")
_SUMS = ("bytes", "packets", "records", "opened")


#: Days that one mask of active days holds: the bits of a signed 64-bit number without its sign.
MASK_DAYS = 63


def conversations(records: ir.Table, masks: int) -> ir.Table:
    """One row per kind, client, server, protocol and server port.

    Parameters
    ----------
    records
        Columns kind, src, dst, srcport, dstport, protocol, packets, bytes, flags, start, end, interface, and day: days
        since the first one, from 0.
    masks
        How many columns of `MASK_DAYS` days each are needed.

    Returns
    -------
    Beside the key: ``bytes_out`` (client to server), ``bytes_in``, ``packets``, ``records``, ``connections`` (records
    that carry the client's SYN; where none does, records of the busier direction), ``first_seen`` and ``last_seen`` (UTC
    seconds, null without times), ``hours`` (bit i: something began in hour i of some day, UTC), ``days_0`` … (bit i:
    something began on day i). A flow that two interfaces recorded counts once.
    """
    folded = _folded(records, masks)
    doubtful = folded.filter(folded.way == _DOUBTFUL)
    decided = folded.filter(folded.way != _DOUBTFUL)
    oriented = _oriented(decided).union(_oriented(_decided_by_peers(doubtful, decided)))
    seen_once = oriented.group_by(*_KEY, "way", "interface").agg(
        **{n: oriented[n].sum() for n in _SUMS}, **_spans(oriented, masks)
    )
    direction = seen_once.group_by(*_KEY, "way").agg(**{n: seen_once[n].max() for n in _SUMS}, **_spans(seen_once, masks))
    out, back = direction.way == _TO_SERVER, direction.way == _TO_CLIENT
    summed = direction.group_by(*_KEY).agg(
        bytes_out=direction.bytes.sum(where=out),
        bytes_in=direction.bytes.sum(where=back),
        packets=direction.packets.sum(),
        records=direction.records.sum(),
        records_out=direction.records.sum(where=out),
        records_in=direction.records.sum(where=back),
        opened=direction.opened.sum(),
        **_spans(direction, masks),
    )
    busier = ibis.greatest(summed.records_out.coalesce(0), summed.records_in.coalesce(0))
    whole = ("bytes_out", "bytes_in", "packets", "records")
    return summed.select(
        *_KEY,
        **{name: summed[name].coalesce(0).cast("int64") for name in whole},
        connections=ibis.ifelse(summed.opened > 0, summed.opened, busier).cast("int64"),
        **{name: summed[name] for name in ("first_seen", "last_seen", "hours", *_masks(masks))},
    )


def _masks(count: int) -> list[str]:
    return [f"days_{number}" for number in range(count)]


def _spans(table: ir.Table, masks: int) -> dict[str, ir.Scalar]:
    days = {name: table[name].bit_or() for name in (*_masks(masks), "hours")}
    return {"first_seen": table.first_seen.min(), "last_seen": table.last_seen.max(), **days}


def _folded(records: ir.Table, masks: int) -> ir.Table:
    """Decide what a record alone can decide, forget the client's port there, and add up what is then alike."""
    syn, ack = (records.flags & _SYN) != 0, (records.flags & _ACK) != 0
    source, destination = _listens(records.srcport), _listens(records.dstport)
    has_ports = records.protocol.isin([6, 17, 132])
    broken = records.kind > 1
    way = ibis.cases(
        (broken, _TO_SERVER),
        (syn & ~ack, _TO_SERVER),
        (syn & ack, _TO_CLIENT),
        (~has_ports, _DOUBTFUL),
        (destination > source, _TO_SERVER),
        (destination < source, _TO_CLIENT),
        else_=_DOUBTFUL,
    ).cast("int8")
    bits = {
        name: ibis.ifelse(
            records.day.between(MASK_DAYS * n, MASK_DAYS * (n + 1) - 1), ibis.literal(1, "int64") << (records.day % MASK_DAYS), 0
        )
        for n, name in enumerate(_masks(masks))
    }
    table = records.select(
        "kind",
        "interface",
        "bytes",
        "packets",
        src=ibis.ifelse(broken, ibis.null("string"), records.src),
        dst=ibis.ifelse(broken, ibis.null("string"), records.dst),
        srcport=ibis.ifelse(broken | (way == _TO_SERVER) | ~has_ports, 0, records.srcport).cast("int32"),
        dstport=ibis.ifelse(broken | (way == _TO_CLIENT) | ~has_ports, 0, records.dstport).cast("int32"),
        protocol=ibis.ifelse(broken, 0, records.protocol).cast("int16"),
        way=way,
        sure=syn,
        opened=(syn & ~ack).cast("int64"),
        first_seen=records.start,
        last_seen=records.end,
        hours=(ibis.literal(1, "int64") << (records.start // _SECONDS_AN_HOUR % 24)).coalesce(0),
        **bits,
    )
    return table.group_by("kind", "src", "dst", "protocol", "srcport", "dstport", "way", "sure", "interface").agg(
        bytes=table.bytes.sum().cast("int64"),
        packets=table.packets.sum().cast("int64"),
        records=table.count(),
        opened=table.opened.sum().cast("int64"),
        **_spans(table, masks),
    )


def _listens(port: ir.IntegerValue) -> ir.IntegerValue:
    """How likely a server listens on a port: 3 known or below 1024, 1 registered range, 0 ephemeral."""
    return ibis.cases(
        (port.between(1, 1023) | port.isin(_KNOWN), 3),
        (port.between(1024, EPHEMERAL_FROM - 1), 1),
        else_=0,
    )


def _decided_by_peers(doubtful: ir.Table, decided: ir.Table) -> ir.Table:
    """Give every doubtful row a direction: known listeners first, then the endpoint that more peers share."""
    sure = decided.filter(decided.sure)
    listeners = (
        sure.select(
            ip=ibis.ifelse(sure.way == _TO_SERVER, sure.dst, sure.src),
            protocol=sure.protocol,
            port=ibis.ifelse(sure.way == _TO_SERVER, sure.dstport, sure.srcport),
        )
        .filter(lambda t: t.port > 0)
        .distinct()
        .mutate(listener=1)
    )
    pairs = doubtful.select("src", "dst", "protocol", "srcport", "dstport").distinct()
    ends = pairs.select(ip="src", protocol="protocol", port="srcport", peer="dst", peer_port="dstport").union(
        pairs.select(ip="dst", protocol="protocol", port="dstport", peer="src", peer_port="srcport"), distinct=True
    )
    shared = ends.group_by("ip", "protocol", "port").agg(peers=ends.count())
    rank = shared.left_join(listeners, ["ip", "protocol", "port"]).select("ip", "protocol", "port", "peers", "listener")
    here, there = rank.view(), rank.view()
    joined = doubtful.left_join(
        here, (doubtful.src == here.ip) & (doubtful.protocol == here.protocol) & (doubtful.srcport == here.port)
    ).select(*doubtful.columns, source_peers=here.peers, source_listens=here.listener.coalesce(0))
    joined = joined.left_join(
        there, (joined.dst == there.ip) & (joined.protocol == there.protocol) & (joined.dstport == there.port)
    ).select(*joined.columns, target_peers=there.peers, target_listens=there.listener.coalesce(0))
    # Without ports (ICMP) the side that reaches out to many is the client: the order of peers is reversed.
    has_port = (joined.srcport + joined.dstport) > 0
    to_server = ibis.cases(
        (joined.target_listens != joined.source_listens, joined.target_listens > joined.source_listens),
        (joined.target_peers != joined.source_peers, (joined.target_peers > joined.source_peers) == has_port),
        (joined.dstport != joined.srcport, joined.dstport < joined.srcport),
        else_=joined.dst < joined.src,
    )
    return joined.mutate(way=ibis.ifelse(to_server, _TO_SERVER, _TO_CLIENT).cast("int8")).select(*doubtful.columns)


def _oriented(table: ir.Table) -> ir.Table:
    """From source and destination to client and server."""
    out = table.way == _TO_SERVER
    kept = [name for name in table.columns if name not in ("src", "dst", "srcport", "dstport", "sure")]
    return table.select(
        *kept,
        client=ibis.ifelse(out, table.src, table.dst),
        server=ibis.ifelse(out, table.dst, table.src),
        port=ibis.ifelse(out, table.dstport, table.srcport),
    )

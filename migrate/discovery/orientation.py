"""Which end of a folded row is the server? What its records alone did not tell, its peers do.

Evidence, strongest first: an endpoint that others were seen to open connections to; the endpoint that more peers share;
the lower port; and, so that there is always an answer, the smaller address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.evidence import DOUBTFUL, TO_CLIENT, TO_SERVER

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["oriented"]

_ENDS = ("src", "dst", "srcport", "dstport")
_DIRECTED = ("bytes", "packets", "records")


def oriented(folded: ir.Table) -> ir.Table:
    """From source and destination to client and server.

    Parameters
    ----------
    folded
        What `migrate.discovery.folding.folded` returns, of one format or of several.

    Returns
    -------
    ``client``, ``server``, ``port``, and instead of ``bytes``, ``packets`` and ``records`` those two ways: ``bytes_out``
    (client to server), ``bytes_in`` and so on; the other columns as they were.
    """
    decided = folded.filter(folded.way != DOUBTFUL)
    table = decided.union(_decided_by_peers(folded.filter(folded.way == DOUBTFUL), decided))
    out = table.way == TO_SERVER
    kept = [name for name in table.columns if name not in (*_ENDS, *_DIRECTED, "bytes_back", "packets_back", "way", "shown")]
    none = ibis.literal(0, type="int64")
    return table.select(
        *kept,
        client=ibis.ifelse(out, table.src, table.dst),
        server=ibis.ifelse(out, table.dst, table.src),
        port=ibis.ifelse(out, table.dstport, table.srcport),
        bytes_out=ibis.ifelse(out, table.bytes, table.bytes_back),
        bytes_in=ibis.ifelse(out, table.bytes_back, table.bytes),
        packets_out=ibis.ifelse(out, table.packets, table.packets_back),
        packets_in=ibis.ifelse(out, table.packets_back, table.packets),
        records_out=ibis.ifelse(out, table.records, none),
        records_in=ibis.ifelse(out, none, table.records),
        business_out=ibis.ifelse(out, table.business, none),
        business_in=ibis.ifelse(out, none, table.business),
    ).drop("business")


def _decided_by_peers(doubtful: ir.Table, decided: ir.Table) -> ir.Table:
    """Give every doubtful row a way: known listeners first, then the endpoint that more peers share."""
    sure = decided.filter(decided.shown > 0)
    listeners = (
        sure.select(
            ip=ibis.ifelse(sure.way == TO_SERVER, sure.dst, sure.src),
            protocol=sure.protocol,
            port=ibis.ifelse(sure.way == TO_SERVER, sure.dstport, sure.srcport),
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
    return joined.mutate(way=ibis.ifelse(to_server, TO_SERVER, TO_CLIENT).cast("int8")).select(*doubtful.columns)

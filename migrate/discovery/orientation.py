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
_DIRECTED = ("bytes", "packets", "records", "business")


def oriented(folded: ir.Table, decided: bool = False) -> ir.Table:
    """From source and destination to client and server.

    Parameters
    ----------
    folded
        What `migrate.discovery.folding.folded` returns, of one format or of several.
    decided
        Whether every row is known to tell its client.

    Returns
    -------
    ``client``, ``server``, ``port``, and instead of ``bytes``, ``packets``, ``records`` and ``business`` those two ways:
    ``bytes_out`` (client to server), ``bytes_in`` and so on; the other columns as they were.
    """
    table = folded if decided else _all_decided(folded)
    out = table.way == TO_SERVER
    gone = {*_ENDS, *_DIRECTED, *(f"{name}_back" for name in _DIRECTED), "way", "shown"}
    kept = [name for name in table.columns if name not in gone]
    return table.select(
        *kept,
        client=ibis.ifelse(out, table.src, table.dst),
        server=ibis.ifelse(out, table.dst, table.src),
        port=ibis.ifelse(out, table.dstport, table.srcport),
        **{f"{name}_out": ibis.ifelse(out, table[name], table[f"{name}_back"]) for name in _DIRECTED},
        **{f"{name}_in": ibis.ifelse(out, table[f"{name}_back"], table[name]) for name in _DIRECTED},
    )


def _all_decided(folded: ir.Table) -> ir.Table:
    decided = folded.filter(folded.way != DOUBTFUL)
    return decided.union(_decided_by_peers(folded.filter(folded.way == DOUBTFUL), decided))


def _decided_by_peers(doubtful: ir.Table, decided: ir.Table) -> ir.Table:
    """Give every doubtful row a way: known listeners first, then the endpoint that more peers share."""
    sure = decided.filter(decided.shown > 0)
    listeners = (
        sure.select(ip=sure.dst, protocol=sure.protocol, port=sure.dstport)
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

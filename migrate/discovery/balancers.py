"""Load balancers, by what passes through them: what many clients send to one address leaves it again to a pool of servers.

A client needs the pool; the balancer stands between. Its dependency is therefore carried through to the members of the pool,
in proportion to what the balancer sent each, in whole numbers that add up (largest remainder).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.discovery.traffic_rules import listed, recognised
from migrate.findings import Finding, Severity

__all__ = ["carried_through"]

# Planning values of this project.
_CLIENTS = 5  # a balanced address has at least so many clients …
_POOL = (2, 64)  # … and a pool of so many members on one port,
_ALIKE = 1.25  # … to which about the same volume goes on, each way and on the last day alone,
_SECOND = 0.1  # … of which the second busiest member gets at least this share,
_OWN = 0.8  # … and which has at least this share of its traffic on that port from balancers.
_NAMED = 20
_PORTS = 2**16
_FRONT = ["host", "protocol", "port"]
_BACK = ["host", "back_protocol", "back_port"]


def carried_through(edges: pl.DataFrame, hosts: pl.DataFrame, sums: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Replace what clients send to balancers by what reaches the pools.

    Parameters
    ----------
    edges
        One row per ``client``, ``server`` (numbers of `hosts`), ``protocol`` (number) and ``port``; the columns `sums`,
        ``days_0`` and what else describes a conversation; ``via``, all null.
    hosts
        ``host``, ``server_id``, ``outside``, as `migrate.discovery.ends.numbered` gives them.
    sums
        Columns to share out.

    Returns
    -------
    Rows of which several may have the same key now; ``via`` is the balancer's number where one was passed. A balancer that
    is a server keeps its own dependency on its pool; what one that is no server sends to its pool is left out, for it is
    told already by its clients' rows.
    """
    told = ((edges["bytes_out"] > 0) & (edges["bytes_in"] > 0)).any()
    matched = _matched(edges) if told else pl.DataFrame()
    if matched.is_empty():
        return edges, []
    balancing = matched["host"].unique().implode()
    near = edges["server"].is_in(balancing) | edges["client"].is_in(balancing)
    far, edges = edges.filter(~near), edges.filter(near)
    front = edges.join(matched.select(*_FRONT, *_BACK[1:]), left_on=["server", "protocol", "port"], right_on=_FRONT)
    pool = edges.join(matched.select(*_BACK), left_on=["client", "protocol", "port"], right_on=_BACK).select(
        "protocol", "port", host="client", member="server", weight=_volume()
    )
    through = _shared_out(front, pool, sums)
    passed = through.select(client="client", server="via", protocol="front_protocol", port="front_port").unique()
    rest = edges.join(passed, on=["client", "server", "protocol", "port"], how="anti")
    appliances = matched.join(hosts.filter(pl.col("server_id").is_null()), on="host", how="semi")
    rest = rest.join(appliances, left_on=["client", "protocol", "port"], right_on=_BACK, how="anti")
    moved = edges.join(passed, on=["client", "server", "protocol", "port"], how="semi")
    findings = recognised("load-balancer", moved, f"{matched['host'].n_unique():,} of them")
    return pl.concat([far, rest, through.select(edges.columns)]), findings + _named(matched, pool, hosts)


def _volume() -> pl.Expr:
    """Bytes both ways, or connections where no bytes are told."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    return pl.when(size > 0).then(size).otherwise("connections")


def _matched(edges: pl.DataFrame) -> pl.DataFrame:
    """Ports of balancers (`_FRONT`) with the port of their pool (`_BACK`); each belongs to one of the other."""
    days = pl.selectors.starts_with("days_")
    summed = ("bytes_out", "bytes_in", "bytes_last_day", "connections")
    # Of millions of rows only the columns that are looked at, and those of hosts that can be balancers.
    ported = edges.lazy().select("client", "server", "protocol", "port", *summed, days).filter(pl.col("port") > 0)
    ported = ported.with_columns(service=((pl.col("protocol") + 1) * _PORTS + pl.col("port")).cast(pl.UInt64))
    front = _hosts(ported, "server", pl.len() >= _CLIENTS)
    both = _hosts(ported.filter(pl.col("client").is_in(front.implode())), "client", pl.len().is_between(*_POOL)).implode()
    totals = [pl.col(*summed).sum(), days.bitwise_or()]
    into = _per_service(ported, "server", both, pl.len().alias("clients"), *totals)
    onto = _per_service(ported, "client", both, pl.len().alias("providers"), *totals)
    onto = onto.rename({"protocol": "back_protocol", "port": "back_port"})
    into = into.filter(pl.col("clients") >= _CLIENTS)
    onto = onto.filter(pl.col("providers").is_between(*_POOL))
    pairs = into.join(onto, on="host", suffix="_back")
    same_days = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_back") for name in edges.columns if name.startswith("days_"))
    # who only knows connections, or one volume, cannot tell what is passed on: among many hosts some are alike by chance
    told = (pl.col("bytes_out") > 0) & (pl.col("bytes_in") > 0)
    alike = told & _alike("bytes_out") & _alike("bytes_in") & _alike("bytes_last_day")
    distance = (_ratio("bytes_out").log().abs() + _ratio("bytes_in").log().abs() + _ratio("connections").log().abs()).alias(
        "distance"
    )
    pairs = pairs.filter(same_days & alike).with_columns(distance).sort("distance", *_FRONT, *_BACK[1:])
    pairs = pairs.unique(_FRONT, keep="first", maintain_order=True).unique(_BACK, keep="first", maintain_order=True)
    found = pairs.select(*_FRONT, *_BACK[1:])
    return _with_pools_of_their_own(found, edges.filter(pl.col("port") > 0)) if found.height else found


def _key(end: str) -> pl.Expr:
    """Host at one end, protocol and port, as one number."""
    return pl.col(end).cast(pl.UInt64) * 2**32 + pl.col("service")


def _hosts(ported: pl.LazyFrame, end: str, fits: pl.Expr) -> pl.Series:
    """Hosts with a service that has so many partners."""
    found = ported.group_by(key=_key(end)).agg(fits=fits).filter("fits")
    return found.select(host=(pl.col("key") // 2**32).cast(pl.UInt32)).unique().collect()["host"]


def _per_service(ported: pl.LazyFrame, end: str, hosts: pl.Series, *sums: pl.Expr) -> pl.DataFrame:
    """Sums by host at one end, protocol and port."""
    rows = ported.filter(pl.col(end).is_in(hosts)).group_by(key=_key(end))
    return rows.agg(*sums, pl.col("protocol", "port").first(), host=pl.col(end).first()).drop("key").collect()


def _ratio(column: str) -> pl.Expr:
    """How much goes on for what comes in; one more each, as both may be nothing."""
    return (pl.col(f"{column}_back") + 1) / (pl.col(column) + 1)


def _alike(column: str) -> pl.Expr:
    return _ratio(column).is_between(1 / _ALIKE, _ALIKE)


def _with_pools_of_their_own(pairs: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Those whose pool shares the work and is reached through balancers; whom everybody reaches directly is no pool."""
    sent = edges.join(pairs, left_on=["client", "protocol", "port"], right_on=_BACK).select(
        "server", "protocol", "port", host="client", sent=_volume()
    )
    endpoint = ["server", "protocol", "port"]
    got = (
        edges.join(sent.select(endpoint).unique(), on=endpoint)
        .group_by(endpoint)
        .agg(got=_volume().sum())
        .join(sent.group_by(endpoint).agg(balanced=pl.col("sent").sum()), on=endpoint)
    )
    pools = (
        sent.join(got, on=endpoint)
        .group_by("host", back_protocol="protocol", back_port="port")
        .agg(pl.col("got", "balanced").sum(), second=pl.col("sent").top_k(2).min(), all=pl.col("sent").sum())
        .filter((pl.col("balanced") >= _OWN * pl.col("got")) & (pl.col("second") >= _SECOND * pl.col("all")))
    )
    return pairs.join(pools, on=_BACK, how="semi").sort(_FRONT)


def _shared_out(front: pl.DataFrame, pool: pl.DataFrame, sums: Sequence[str]) -> pl.DataFrame:
    """Every row of `front` once for each member of its pool but the client itself, its sums shared out by weight."""
    rows = front.with_row_index("row").join(
        pool.rename({"protocol": "back_protocol", "port": "back_port"}),
        left_on=["server", "back_protocol", "back_port"],
        right_on=_BACK,
    )
    rows = rows.filter(pl.col("member") != pl.col("client")).sort("row", "member")
    rows = rows.with_columns(whole=pl.col("weight").sum().over("row")).filter(pl.col("whole") > 0)
    for name in sums:
        rows = _by_largest_remainder(rows, name)
    something = pl.any_horizontal(pl.col("records", "connections", "bytes_out", "bytes_in") > 0)
    return rows.filter(something).with_columns(
        via="server",
        server="member",
        front_protocol="protocol",
        front_port="port",
        protocol="back_protocol",
        port="back_port",
    )


def _by_largest_remainder(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Share out column `name`, the same in all rows of one ``row``: the parts are whole numbers and add up."""
    whole = pl.col("whole").cast(pl.Int128)  # the product of two volumes in bytes does not fit 64 bits
    product = pl.col(name).cast(pl.Int128) * pl.col("weight").cast(pl.Int128)
    rows = rows.with_columns(base=(product // whole).cast(pl.Int64), remainder=(product % whole).cast(pl.Int64))
    rest = pl.col(name) - pl.col("base").sum().over("row")
    rank = pl.col("remainder").rank("ordinal", descending=True).over("row")
    return rows.with_columns((pl.col("base") + (rank <= rest).cast(pl.Int64)).alias(name)).drop("base", "remainder")


def _named(matched: pl.DataFrame, pool: pl.DataFrame, hosts: pl.DataFrame) -> list[Finding]:
    shown = hosts.select("host", name=pl.coalesce("server_id", "outside"))
    members = (
        pool.join(shown.rename({"host": "member", "name": "server"}), on="member")
        .sort("server")
        .group_by("host", back_protocol="protocol", back_port="port")
        .agg(members="server")
    )
    rows = matched.join(members, on=_BACK).join(shown, on="host").sort("name", "port")
    return [
        Finding(
            code="load-balancer-with-pool",
            severity=Severity.info,
            subject=row["name"],
            message=f"{row['name']} passes on what clients send to its port {row['port']} to port {row['back_port']} of "
            f"{len(row['members']):,} servers: {listed(row['members'])}. Its clients count as those of the pool",
            remedy="Move the pool together, or keep the balancer reaching both sites until its last member has moved.",
        )
        for row in rows.head(_NAMED).iter_rows(named=True)
    ]

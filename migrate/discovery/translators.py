"""Addresses behind which others are hidden (NAT), by how they behave."""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import PRIVATE
from migrate.discovery.traffic_rules import listed, recognised
from migrate.findings import Finding

__all__ = ["translators"]

# Planning values of this project.
_SERVERS = 10  # one user's machine does not open connections to so many servers …
_USES = 4  # … on so many different ports


def translators(edges: pl.DataFrame, hosts: pl.DataFrame) -> tuple[pl.Series, list[Finding]]:
    """Private addresses of no server that open connections to many servers for many uses and that nobody opens one to.

    Parameters
    ----------
    edges
        ``client`` and ``server`` (numbers of `hosts`), ``protocol``, ``port``, ``records``, ``bytes_out``, ``bytes_in``.
    hosts
        ``host``, ``server_id``, ``outside``, as `migrate.discovery.ends.numbered` gives them.

    Returns
    -------
    Their numbers, sorted, and the finding that counts what comes from them.
    """
    private = hosts.filter(pl.col("server_id").is_null() & pl.col("outside").str.contains(PRIVATE))
    rows = edges.join(private.select(client="host"), on="client", how="semi").filter(pl.col("port") > 0)
    wide = (
        rows.group_by("client")
        .agg(servers=pl.col("server").n_unique(), uses=pl.struct("protocol", "port").n_unique())
        .filter((pl.col("servers") >= _SERVERS) & (pl.col("uses") >= _USES))
    )
    silent = wide.join(edges.select(client="server"), on="client", how="anti").sort("servers", "client", descending=[True, False])
    names = silent.join(hosts, left_on="client", right_on="host", how="left", maintain_order="left")["outside"].to_list()
    hidden = rows.join(silent, on="client", how="semi")
    return silent["client"].sort(), recognised("nat", hidden, listed(names))

"""The servers of an estate of which there is no inventory: the hosts that its flow logs tell of.

Host names, and addresses of private networks, are servers. Public addresses are outside parties, unless neither a name nor
a private address takes part: then nothing tells the estate from its surroundings, and every address is a server.
"""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import ADDRESS, PRIVATE
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate, build_estate

__all__ = ["estate_of_hosts", "hosts", "senders"]

_SOURCE = "flow logs"


def hosts(ends: pl.Series) -> pl.DataFrame:
    """Say which ends of conversations are servers.

    Parameters
    ----------
    ends
        Host names or canonical addresses between which there is more than noise, each once.

    Returns
    -------
    Columns ``ip`` (the end as it is written) and ``server_id`` (the same), sorted.
    """
    ends = ends.sort()
    inner = ends.filter(~ends.str.contains(ADDRESS) | ends.str.contains(PRIVATE))
    chosen = ends if inner.is_empty() else inner
    return pl.DataFrame({"ip": chosen, "server_id": chosen}, schema={"ip": pl.String, "server_id": pl.String})


def senders(conversations: pl.DataFrame) -> pl.Series:
    """Ends that sent something: no broadcast or multicast address ever does (RFC 1122, 3.2.1.3).

    Parameters
    ----------
    conversations
        Columns ``client``, ``server``, ``bytes_out`` and ``bytes_in``. Where no volume is told, the client sent.
    """
    opened = conversations.filter((pl.col("bytes_out") > 0) | (pl.col("bytes_in") == 0))["client"].unique()
    answered = conversations.filter(pl.col("bytes_in") > 0)["server"].unique()
    return pl.concat([opened, answered]).unique().sort().rename("ip")


def estate_of_hosts(*sides: pl.Series) -> tuple[Estate, list[Finding]]:
    """Make the estate of the hosts that take part in traffic.

    Parameters
    ----------
    sides
        Ids as `hosts` gives them; repeats and nulls do not count.
    """
    names = pl.concat([side.drop_nulls().unique().cast(pl.String) for side in sides]).unique().sort()
    servers = pl.DataFrame({"server_id": names, "name": names}).with_columns(source=pl.lit(_SOURCE))
    numbered = servers.filter(pl.col("name").str.contains(ADDRESS))
    tables = {"servers": servers, "addresses": numbered.select("server_id", "source", ip="name")}
    estate, findings = build_estate(tables)
    return estate, [*findings, *_said(estate)]


def _said(estate: Estate) -> list[Finding]:
    """What was taken for a server."""
    if estate.servers.is_empty():
        return []
    private = estate.servers["name"].str.contains(PRIVATE)
    addresses = estate.addresses.height
    names = estate.servers.height - addresses
    if names or private.any():
        return [
            Finding(
                code="estate-from-flows",
                severity=Severity.info,
                subject="servers",
                source=_SOURCE,
                message=f"No inventory was given: {estate.servers.height:,} servers are the {names:,} host names and "
                f"{addresses:,} private addresses that exchange traffic; public addresses count as outside parties",
                remedy="Give an inventory for names, sites and servers that are silent.",
            )
        ]
    return [
        Finding(
            code="estate-of-public-addresses",
            severity=Severity.warning,
            subject="servers",
            source=_SOURCE,
            message=f"No inventory was given and all {addresses:,} addresses are public: nothing tells the estate from the "
            "outside, so each of them counts as a server",
            remedy="Give an inventory, or leave flow logs of the internet's side out.",
        )
    ]

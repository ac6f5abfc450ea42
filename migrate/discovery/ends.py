"""Who the ends of a conversation are: servers by lease, address or name, and all others by themselves."""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import ADDRESS
from migrate.discovery.leased import LEASE
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate
from migrate.readers.identity import match, signs_of

__all__ = ["ADDRESS", "known_ends", "numbered"]

_LEASE = rf"^{LEASE}(\d{{1,9}})$"
_NAMED = 20


def known_ends(texts: pl.Series, estate: Estate, address_of: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Say which server each end is.

    Parameters
    ----------
    texts
        Ends of conversations, each once: canonical addresses, host names, or ``lease:n`` for row n of `Estate.leases`.
    address_of
        Columns ``ip`` and ``server_id``.

    Returns
    -------
    Columns ``text`` and ``server_id`` (null for what is no server), sorted by text; and findings on names that could be
    several servers. A name counts as in every other inventory: the server's name, its full domain name, then the first
    label of either, whatever the case.
    """
    ends = texts.sort().alias("text").to_frame()
    ends = ends.join(address_of.select(text="ip", owner="server_id"), on="text", how="left")
    if estate.leases.height:
        holder = estate.leases.select("server_id").with_row_index("lease").cast({"lease": pl.Int64})
        ends = ends.with_columns(lease=pl.col("text").str.extract(_LEASE).cast(pl.Int64)).join(
            holder.rename({"server_id": "holder"}), on="lease", how="left"
        )
        ends = ends.with_columns(owner=pl.coalesce("holder", "owner")).drop("holder", "lease")
    names = ends.filter(pl.col("owner").is_null() & ~pl.col("text").str.contains(ADDRESS))["text"]
    named, findings = _by_name(names, estate)
    ends = ends.join(named, on="text", how="left").select("text", server_id=pl.coalesce("owner", "named"))
    return ends.sort("text"), findings


def numbered(ends: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give everyone a number, so that ten million rows are joined and added by numbers.

    Returns
    -------
    ``text`` and ``host``: the number of each end; and the hosts in the order of their numbers, servers first, both by
    name: ``host``, ``server_id`` (null for what is no server), ``outside`` (the text of that; null for servers).
    """
    outside = pl.when(pl.col("server_id").is_null()).then("text")
    hosts = (
        ends.select("server_id", outside=outside).unique().sort("server_id", "outside", nulls_last=True).with_row_index("host")
    )
    keyed = ends.with_columns(outside=outside).join(hosts, on=["server_id", "outside"], nulls_equal=True)
    return keyed.select("text", "host"), hosts


def _by_name(names: pl.Series, estate: Estate) -> tuple[pl.DataFrame, list[Finding]]:
    nobody = pl.DataFrame(schema={"text": pl.String, "named": pl.String})
    if names.is_empty() or estate.servers.is_empty():
        return nobody, []
    unknown = [pl.lit(None, dtype=pl.String).alias(column) for column in ("fqdn", "uuid", "other_uuid", "site")]
    no_address = pl.DataFrame(schema={"id": pl.String, "ip": pl.String})
    asked = signs_of(names.alias("id").to_frame().with_columns(unknown, name=pl.col("id")), no_address)
    servers = estate.servers.select(pl.col("server_id").alias("id"), "name", "fqdn").with_columns(unknown[1:])
    found = match(asked, signs_of(servers, no_address), frozenset(), ways=("name", "fqdn", "short name"))
    findings = [
        Finding(
            code="flow-end-ambiguous",
            severity=Severity.warning,
            subject=row["id"],
            message=f"The flow logs name {row['id']}, which could be any of {row['candidates']:,} servers; its traffic counts "
            "as that of an outside party",
            remedy="Write the full domain name or the address in the flow logs, or in the inventory.",
        )
        for row in found.doubtful.head(_NAMED).iter_rows(named=True)
    ]
    if found.doubtful.height > _NAMED:
        findings.append(
            Finding(
                code="flow-end-ambiguous",
                severity=Severity.warning,
                subject="flow logs",
                message=f"{found.doubtful.height - _NAMED:,} more names in the flow logs could be several servers",
                remedy="Write full domain names or addresses in the flow logs, or in the inventory.",
            )
        )
    return found.found.select(text="id", named="other"), findings

"""The same server seen by several sources becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.findings import Severity
from migrate.model.provenance import JOINER
from migrate.readers.environment import environment_in_name
from migrate.readers.identity import Matches, Signs, match, signs_of
from migrate.readers.ledger import Ledger
from migrate.readers.merge_doubts import tell_of_address_matches, tell_of_conflicts, tell_of_repeats, tell_of_single_sources
from migrate.readers.server_ids import with_server_ids
from migrate.readers.sites import canonical_site, common_sites, with_places
from migrate.spec import Site

__all__ = ["Merged", "merge_servers"]

# The order in which sources are believed. vCenter, through RVTools, knows what is there; the CMDB knows whose it is.
_MEASURED = ("rvtools", "servicenow")
_TOLD = ("servicenow", "rvtools")
_TOLD_ATTRIBUTES = ("environment", "owner")
_OS = ("os_name", "os_family")
_MEASURED_ATTRIBUTES = (
    *("name", "fqdn", "uuid", "site", "cluster", "hypervisor", "cpu_model", "folder", "resource_pool", "annotation"),
    *("kind", "power"),
    *("vcpu", "memory_gib", "disk_gib", "disk_used_gib"),
)


@dataclass(frozen=True)
class Merged:
    """Servers (columns of `Servers`), the server of each ``ref``, and what later rows are matched by."""

    servers: pl.DataFrame
    server_of: pl.DataFrame  # ref, server_id
    signs: Signs  # ids are server ids
    common_sites: frozenset[str]


def merge_servers(sightings: pl.DataFrame, addresses: pl.DataFrame, sites: Sequence[Site], ledger: Ledger) -> Merged:
    """Join the rows that mean the same server.

    A row that could be one of several servers is left out with a finding; a server that only one of several kinds of
    sources knows, and values on which sources differ, are told.

    Parameters
    ----------
    sightings
        `reading.SIGHTINGS`.
    addresses
        ``ref`` and ``ip``.
    sites
        Of plan.toml: their names replace what inventories call them.
    """
    rows = sightings.with_columns(canonical_site("site", sites)).sort("source")
    common = common_sites(rows, sites)
    seen = _seen_by_vcenter(rows.filter(pl.col("reader") == "rvtools"))
    others = rows.filter(pl.col("reader") != "rvtools")
    others = with_places(others, seen, _match(others, seen, addresses, common).found, common, ledger)
    common |= common_sites(pl.concat([seen.select(others.columns), others]), sites)
    entities = pl.concat([seen, _seen_by_others(others, seen, addresses, common, ledger)])
    tell_of_repeats(entities, ledger)
    servers = with_server_ids(_one_row_each(entities))
    joined = entities.join(servers.select("entity", "server_id"), on="entity")
    tell_of_conflicts(joined, servers, ledger)
    tell_of_single_sources(joined, servers, ledger)
    servers = _with_environment(servers, ledger)
    server_of = joined.select("ref", "server_id")
    facts = joined.select(pl.col("server_id").alias("id"), "name", "fqdn", "uuid", "other_uuid")
    # every name that any source has for it counts, with the one site that was settled on
    facts = facts.join(servers.select(pl.col("server_id").alias("id"), "site"), on="id")
    ips = addresses.join(server_of, on="ref").select(pl.col("server_id").alias("id"), "ip")
    signs = signs_of(facts, ips)
    settled = signs.facts.sort("id", "fqdn", nulls_last=True).unique("id", keep="first", maintain_order=True)
    return Merged(servers.drop("entity"), server_of, Signs(signs.keys, settled), common)


def _seen_by_vcenter(rows: pl.DataFrame) -> pl.DataFrame:
    """Every row is a VM of its own, unless another has the same UUID and name: the same VM in two exports.

    Without UUIDs, rows of two exports are the same where name and place agree; two rows of one export are two VMs.
    """
    file = pl.col("ref").str.split("!").list.first()
    uuid = pl.col("uuid").str.to_lowercase()
    name = pl.col("name").str.to_lowercase()
    place = pl.concat_str(
        name, *(pl.col(column).fill_null("") for column in ("site", "cluster", "hypervisor", "folder")), separator="\n"
    )
    turn = pl.int_range(pl.len()).over(file, place)
    own = pl.concat_str(pl.lit("place\n"), place, turn.cast(pl.String), separator="\n")
    return rows.with_columns(
        pl.when(uuid.is_not_null())
        .then(pl.concat_str(pl.lit("uuid\n"), uuid, name, separator="\n"))
        .otherwise(own)
        .alias("entity")
    )


def _match(others: pl.DataFrame, seen: pl.DataFrame, addresses: pl.DataFrame, common: frozenset[str]) -> Matches:
    """Which of the VMs each record means; ids are ``ref`` and ``entity``."""
    known_ips = addresses.join(seen.select("ref", "entity"), on="ref").select(pl.col("entity").alias("id"), "ip")
    known = signs_of(seen.with_columns(pl.col("entity").alias("id")), known_ips)
    known = Signs(known.keys, known.facts.unique("id", keep="first", maintain_order=True))
    asked = signs_of(
        others.with_columns(pl.col("ref").alias("id")),
        addresses.join(others.select("ref"), on="ref", how="semi").select(pl.col("ref").alias("id"), "ip"),
    )
    return match(asked, known, common)


def _seen_by_others(
    others: pl.DataFrame, seen: pl.DataFrame, addresses: pl.DataFrame, common: frozenset[str], ledger: Ledger
) -> pl.DataFrame:
    """Rows of the CMDB with the server that they mean: one that vCenter knows, or one that only the CMDB knows."""
    matches = _match(others, seen, addresses, common)
    # an address that several records have tells none of them
    by_ip = (pl.col("way") == "ip") & (pl.len().over("other", "way") > 1)
    found = matches.found.filter(~by_ip)
    doubtful = others.join(matches.doubtful, left_on="ref", right_on="id")
    ledger.rows(
        doubtful,
        "ambiguous-server",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format("The record could mean any of {} servers of that name, so it was not used", pl.col("candidates")),
        remedy="Give it its site, UUID or full domain name in the CMDB.",
    )
    tell_of_address_matches(others.join(found.filter(pl.col("way") == "ip"), left_on="ref", right_on="id"), ledger)
    joined = others.join(found.select(pl.col("id").alias("ref"), pl.col("other").alias("entity")), on="ref")
    alone = others.join(joined, on="ref", how="anti").join(doubtful, on="ref", how="anti")
    return pl.concat([joined, _grouped(alone, ledger)])


def _grouped(alone: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Records that only the CMDB has: the same name at the same site is the same server."""
    name, site = pl.col("name").str.to_lowercase(), pl.col("site").str.to_lowercase()
    several = site.n_unique().over(name) - site.is_null().any().over(name).cast(pl.UInt32) > 1
    lost = alone.filter(several & site.is_null())
    ledger.rows(
        lost,
        "ambiguous-server",
        Severity.warning,
        subject=pl.col("name"),
        message="The record has no site, and several sites have a server of that name, so it was not used",
        remedy="Give it its site in the CMDB.",
    )
    placed = pl.when(several).then(site).otherwise(pl.lit(""))
    kept = alone.filter(~(several & site.is_null()).fill_null(value=False))
    return kept.with_columns(pl.concat_str(pl.lit("record"), name, placed, separator="\n").alias("entity"))


def _one_row_each(entities: pl.DataFrame) -> pl.DataFrame:
    """One row per entity; each attribute from the source that is believed first among those that know it."""

    def picked(order: Sequence[str], attributes: Sequence[str], *first: pl.Expr) -> pl.DataFrame:
        rank = pl.col("reader").replace_strict({reader: place for place, reader in enumerate(order)}, return_dtype=pl.Int8)
        ranked = entities.sort(*first, rank, "source")
        return ranked.group_by("entity", maintain_order=True).agg(pl.col(column).drop_nulls().first() for column in attributes)

    vague = pl.col("os_family").is_null() | (pl.col("os_family") == "other")
    os = (
        entities.filter(pl.col("os_name").is_not_null())
        .sort(vague, pl.col("reader").replace_strict({r: i for i, r in enumerate(_MEASURED)}, return_dtype=pl.Int8), "source")
        .unique("entity", keep="first", maintain_order=True)
        .select("entity", *_OS)
    )
    sources = entities.sort("source").group_by("entity").agg(pl.col("source").str.join(JOINER))
    measured, told = picked(_MEASURED, _MEASURED_ATTRIBUTES), picked(_TOLD, _TOLD_ATTRIBUTES)
    return measured.join(told, on="entity").join(os, on="entity", how="left").join(sources, on="entity").sort("entity")


def _with_environment(servers: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Where no source names an environment, a server's name or folder may say it in so many words."""
    named = pl.coalesce(environment_in_name(pl.col("name")), environment_in_name(pl.col("folder")))
    count = servers.filter(pl.col("environment").is_null() & named.is_not_null()).height
    if count:
        ledger.tell(
            "environment-from-name",
            Severity.info,
            "servers",
            "",
            f"The environment of {count:,} servers was taken from a word in their name or folder",
            "Fill in the environment in the CMDB where that is wrong.",
        )
    return servers.with_columns(pl.coalesce("environment", named))

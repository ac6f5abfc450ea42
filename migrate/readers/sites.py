"""One name per site: what inventories call it becomes what plan.toml calls it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.ledger import Ledger
from migrate.spec import Site

__all__ = ["canonical_site", "common_sites", "with_places"]

_ENOUGH, _SHARE = 5, 0.9  # servers that show where a place is, and the share of them that must agree


def canonical_site(column: str, sites: Sequence[Site]) -> pl.Expr:
    """The site's name in plan.toml; a name that no site answers to stays as it is."""
    names: dict[str, str] = {}
    for site in sites:
        for known in (site.name, *site.match):
            names.setdefault(known.strip().lower(), site.name)
    plain = pl.col(column).str.strip_chars().str.to_lowercase()
    if not names:
        return pl.col(column)
    known_as = plain.replace_strict(names, default=None, return_dtype=pl.String)
    return pl.coalesce(known_as, pl.col(column)).alias(column)


def common_sites(sightings: pl.DataFrame, sites: Sequence[Site]) -> frozenset[str]:
    """Sites, in lower case, that mean the same thing wherever they stand: those of plan.toml, and those that two readers use.

    Other names may be two words for one place (a vSphere datacenter and a postal address), so they prove nothing.
    """
    used = sightings.select(pl.col("site").str.to_lowercase().alias("site"), "reader").drop_nulls().unique()
    twice = used.group_by("site").len().filter(pl.col("len") > 1)["site"].to_list()
    return frozenset([site.name.lower() for site in sites] + twice)


def with_places(
    others: pl.DataFrame, seen: pl.DataFrame, found: pl.DataFrame, common: frozenset[str], ledger: Ledger
) -> pl.DataFrame:
    """Sites of records whose place is only an id or a name of its own: where vCenter says that its servers stand.

    Parameters
    ----------
    others
        Records with ``ref``, ``place`` and ``site``.
    seen
        VMs with ``entity`` and ``site``.
    found
        Records and the VMs that they mean: `identity.Matches.found`.
    common
        Sites that both sides name alike: those stay.
    """
    told = pl.col("site").str.to_lowercase().is_in(list(common)).fill_null(value=False)
    place = pl.coalesce("site", "place")
    foreign = others.filter(~told).select("ref", place.alias("_place")).drop_nulls()
    stands = found.join(seen.select(pl.col("entity").alias("other"), "site").unique("other"), on="other").drop_nulls("site")
    votes = foreign.join(stands.select(pl.col("id").alias("ref"), "site"), on="ref").group_by("_place", "site").len("votes")
    shares = votes.with_columns(pl.col("votes").sum().over("_place").alias("all"))
    clear = shares.filter((pl.col("all") >= _ENOUGH) & (pl.col("votes") >= _SHARE * pl.col("all"))).sort("_place")
    for name, site, agreeing, voters in clear.iter_rows():
        ledger.tell(
            "site-inferred",
            Severity.info,
            site,
            "",
            f"The CMDB's place {name} was taken for {site}: by vCenter {agreeing:,} of its {voters:,} servers stand there",
            "Name it in the site's `match` in plan.toml.",
        )
    joined = others.with_columns(place.alias("_place"), told.alias("_told"))
    joined = joined.join(clear.select("_place", pl.col("site").alias("_site")), on="_place", how="left", maintain_order="left")
    site = pl.when(pl.col("_told")).then("site").otherwise(pl.coalesce("_site", "site")).alias("site")
    return joined.with_columns(site).drop("_place", "_told", "_site")

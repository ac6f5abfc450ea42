"""One name per site: what inventories call it becomes what plan.toml calls it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.spec import Site

__all__ = ["canonical_site", "common_sites"]


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

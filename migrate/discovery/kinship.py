"""Names that traffic confirms: servers named alike that talk to each other far more than chance would have it."""

from __future__ import annotations

import polars as pl

__all__ = ["confirmed_names"]

_LINKED = 0.5  # of the members that talk at all, how many talk to another member
_LIFT = 3.0  # edges within, against those expected if ends met by chance


def confirmed_names(named: pl.DataFrame, internal: pl.DataFrame) -> pl.DataFrame:
    """Say of which names the traffic shows that they stand for one application.

    A convention of names is worth as much as the traffic that agrees with it: a name that half the estate has in common
    (``app``, a company's prefix) is on many edges too, but not on more than its many servers would have by chance.

    Parameters
    ----------
    named
        Columns ``server_id`` and ``name``: what the name says, null where it says nothing.
    internal
        As `Traffic.internal`.

    Returns
    -------
    Column ``name``, sorted: those with at least two members that talk, most of which talk to each other, on at least three
    times the edges that are expected between ends drawn by chance (the configuration model: d²/4m for a group whose members
    have d ends of m edges).
    """
    known = named.drop_nulls("name").select("server_id", "name")
    if known.is_empty():
        return known.select("name")
    edges = internal.select("consumer_id", "provider_id").unique()
    ends = (
        edges.join(known.rename({"server_id": "consumer_id", "name": "one"}), on="consumer_id", how="left")
        .join(known.rename({"server_id": "provider_id", "name": "other"}), on="provider_id", how="left")
        .with_columns(within=(pl.col("one") == pl.col("other")).fill_null(value=False))
    )
    sides = pl.concat(
        [
            ends.select(server_id="consumer_id", name="one", within="within"),
            ends.select(server_id="provider_id", name="other", within="within"),
        ]
    ).drop_nulls("name")
    members = sides.group_by("name", "server_id").agg(ends=pl.len().cast(pl.Float64), linked=pl.col("within").any())
    inside = ends.filter("within").group_by(name="one").agg(edges=pl.len())
    return (
        members.group_by("name")
        .agg(pl.col("ends").sum(), talking=pl.len(), linked=pl.col("linked").sum())
        .join(inside, on="name")
        .with_columns(expected=pl.col("ends") ** 2 / (4 * max(edges.height, 1)))
        .filter(
            (pl.col("talking") > 1)
            & (pl.col("linked") >= _LINKED * pl.col("talking"))
            & (pl.col("edges") >= _LIFT * pl.col("expected"))
        )
        .select("name")
        .sort("name")
    )

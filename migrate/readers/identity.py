"""When two rows mean the same server.

From the surest sign to the least: the machine's UUID, its name within a site, its name, its full domain name, the first
label of either, and an IP address. A sign counts only where it points at exactly one server; several candidates are
narrowed by the signs that follow. Two rows whose sites contradict each other are never the same server.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["WAYS", "Matches", "Signs", "match", "signs_of"]

WAYS = ("uuid", "name and site", "name", "fqdn", "short name", "ip")
_NOBODY = ("localhost", "localhost.localdomain", "unknown", "n/a", "none", "-")


@dataclass(frozen=True)
class Signs:
    """What identifies some rows: ``keys`` (id, way, key), and per id its ``site`` and ``fqdn``, null where unknown."""

    keys: pl.DataFrame
    facts: pl.DataFrame


@dataclass(frozen=True)
class Matches:
    """``found``: id, other, way. ``doubtful``: id and the number of servers it could be."""

    found: pl.DataFrame
    doubtful: pl.DataFrame


def signs_of(rows: pl.DataFrame, addresses: pl.DataFrame) -> Signs:
    """The signs of rows.

    Parameters
    ----------
    rows
        ``id``, ``name``, ``fqdn``, ``uuid``, ``other_uuid`` and ``site``, of texts that may be null.
    addresses
        ``id`` and ``ip``.
    """
    name, site = _plain("name"), _plain("site")
    full = pl.when(_is_full(_plain("fqdn"))).then(_plain("fqdn")).when(_is_full(name)).then(name)
    keys = [rows.select("id", pl.lit("uuid").alias("way"), _uuid(column).alias("key")) for column in ("uuid", "other_uuid")] + [
        rows.select("id", pl.lit("name and site").alias("way"), pl.concat_str(name, site, separator="\n").alias("key")),
        rows.select("id", pl.lit("name").alias("way"), name.alias("key")),
        rows.select("id", pl.lit("fqdn").alias("way"), full.alias("key")),
        rows.select("id", pl.lit("short name").alias("way"), _short(name).alias("key")),
        rows.select("id", pl.lit("short name").alias("way"), _short(_plain("fqdn")).alias("key")),
        addresses.select("id", pl.lit("ip").alias("way"), pl.col("ip").alias("key")),
    ]
    known = pl.concat(keys).filter(pl.col("key").is_not_null() & ~pl.col("key").is_in(_NOBODY)).unique()
    return Signs(known, rows.select("id", site.alias("site"), full.alias("fqdn")))


def match(asked: Signs, known: Signs, common_sites: frozenset[str], *, ways: tuple[str, ...] = WAYS) -> Matches:
    """Find the server that each row means.

    Parameters
    ----------
    asked, known
        Rows whose server is sought, and the servers.
    common_sites
        Names of sites, in lower case, that both sides use: only between these can sites contradict each other.
    """
    found = [_nothing().with_columns(pl.lit("").alias("way"))]
    candidates = _nothing()
    open_ids = asked.facts.select("id")
    for way in ways:
        pairs = asked.keys.filter(pl.col("way") == way).join(open_ids, on="id", how="semi")
        pairs = pairs.join(known.keys.filter(pl.col("way") == way).select("key", pl.col("id").alias("other")), on="key")
        pairs = pairs.select("id", "other").unique()
        if way != "uuid":
            pairs = _without_contradictions(pairs, asked, known, common_sites, by_domain=way in ("short name", "ip"))
        # a row that could be several by an earlier sign can only be one of them
        elsewhere = pairs.join(candidates.select("id").unique(), on="id", how="anti")
        pairs = pl.concat([elsewhere, pairs.join(candidates, on=["id", "other"], how="semi")])
        alone = pairs.filter(pl.len().over("id") == 1)
        found.append(alone.with_columns(pl.lit(way).alias("way")))
        open_ids = open_ids.join(alone, on="id", how="anti")
        several = pairs.filter(pl.len().over("id") > 1)
        kept = candidates.join(several.select("id").unique(), on="id", how="anti").join(alone, on="id", how="anti")
        candidates = pl.concat([kept, several])
    doubtful = candidates.group_by("id").agg(pl.len().alias("candidates")).sort("id")
    return Matches(pl.concat(found).sort("id"), doubtful)


def _without_contradictions(
    pairs: pl.DataFrame, asked: Signs, known: Signs, common_sites: frozenset[str], *, by_domain: bool
) -> pl.DataFrame:
    joined = pairs.join(asked.facts, on="id", how="left")
    joined = joined.join(known.facts.rename({"id": "other", "site": "_site", "fqdn": "_fqdn"}), on="other", how="left")
    shared = list(common_sites)
    contradict = (pl.col("site") != pl.col("_site")) & pl.col("site").is_in(shared) & pl.col("_site").is_in(shared)
    if by_domain:
        # a name with a dot may be the beginning of the domain name rather than all of it
        begins = pl.col("fqdn").str.starts_with(pl.col("_fqdn")) | pl.col("_fqdn").str.starts_with(pl.col("fqdn"))
        contradict = contradict.fill_null(value=False) | (~begins).fill_null(value=False)
    return joined.filter(~contradict.fill_null(value=False)).select("id", "other")


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"id": pl.String, "other": pl.String})


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().str.strip_chars().str.strip_chars_end(".")


def _is_full(text: pl.Expr) -> pl.Expr:
    """A domain name: labels with a dot between, not all digits."""
    return text.str.contains(r"^[a-z0-9_-]+(\.[a-z0-9_-]+)+$") & text.str.contains("[a-z]")


def _short(text: pl.Expr) -> pl.Expr:
    return pl.when(_is_full(text)).then(text.str.extract(r"^([^.]+)\.")).otherwise(text)


def _uuid(column: str) -> pl.Expr:
    """32 hexadecimal digits; null for what is none, and for the ones that firmware ships by the thousand."""
    digits = pl.col(column).str.to_lowercase().str.replace_all(r"[^0-9a-f]", "")
    dull = digits.str.contains(r"^0+$|^f+$|^0?3000200") | (digits.str.len_chars() != 32)
    return pl.when(dull).then(None).otherwise(digits)

"""IP addresses out of cells that may hold several, in canonical form."""

from __future__ import annotations

import ipaddress

import polars as pl

__all__ = ["canonical_ip", "split_addresses"]

# the text that `ipaddress` would write itself: nearly all addresses, and far faster than asking it
_OCTET = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"^{_OCTET}(\.{_OCTET}){{3}}$"
_NOT_TELLING = r"^127\.|^169\.254\.|^(22[4-9]|23\d)\.|^0\.0\.0\.0$"


def canonical_ip(text: str) -> str | None:
    """An address as `ipaddress` writes it; None when it is none, or none that tells a machine from another.

    Loopback, link-local, multicast and unspecified addresses are on every machine, so they identify nothing.
    """
    try:
        address = ipaddress.ip_address(text.partition("/")[0].strip("[]"))
    except ValueError:
        return None
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        return str(address.ipv4_mapped or address)
    return str(address)


def split_addresses(frame: pl.DataFrame, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per address in `column`, whose cells hold addresses separated by comma, semicolon or blank.

    Returns
    -------
    The rows with an address, the column ``ip`` instead of `column`; and the rows with a text that is none, in `column`.
    """
    marks = pl.col(column).str.replace_all(r"[\[\]]", "").str.replace_all(r"[,;\s|]+", ",")
    each = (
        frame.with_columns(marks.str.split(",").alias("_text")).drop(column).explode("_text", empty_as_null=True, keep_nulls=True)
    )
    each = each.filter(pl.col("_text").fill_null("") != "")
    plain = each["_text"].str.contains(_IPV4)
    ordinary = each.filter(plain).filter(~pl.col("_text").str.contains(_NOT_TELLING)).rename({"_text": "ip"})
    rest = each.filter(~plain)
    distinct = rest["_text"].unique().to_list()
    table = pl.DataFrame(
        {"_text": distinct, "ip": [canonical_ip(text) for text in distinct], "_shape": [_is_address(text) for text in distinct]},
        schema={"_text": pl.String, "ip": pl.String, "_shape": pl.Boolean},
    )
    joined = rest.join(table, on="_text", how="left", maintain_order="left")
    unusual = joined.filter(pl.col("ip").is_not_null()).drop("_text", "_shape")
    bad = joined.filter(~pl.col("_shape")).drop("ip", "_shape").rename({"_text": column})
    return pl.concat([ordinary, unusual.select(ordinary.columns)]), bad


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("/")[0])
    except ValueError:
        return False
    return True

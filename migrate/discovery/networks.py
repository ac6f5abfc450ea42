"""Neighbouring networks that behave alike, as one."""

from __future__ import annotations

import ipaddress

import polars as pl

__all__ = ["merged"]

_OF = ["application", "inbound", "ports"]
#: From the smallest network to the largest that neighbours are merged into: a site has so many addresses, a region more.
_FOUR, _SIX = (24, 16), (48, 32)


def merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Merge the two halves of a network where both occur with the same ports, as often as that goes on.

    Parameters
    ----------
    rows
        ``application``, ``inbound``, ``smallest`` (a /24, a /48, or other text, which stays) and ``ports`` (text), one row per
        first three.

    Returns
    -------
    The first three and ``network``: exactly the addresses of the networks that it stands for, at most a /16 or /32.
    """
    places = _numbers(rows["smallest"].unique().sort())
    rows = rows.join(places, on="smallest", how="left").with_columns(number="first", bits="smallest_bits")
    for bits in (*range(_SIX[0], _SIX[1], -1), *range(_FOUR[0], _FOUR[1], -1)):
        six = pl.lit(value=bits > _FOUR[0])
        here = (pl.col("bits") == bits) & (pl.col("six") == six)
        half = pl.col("number") // 2
        both = rows.filter(here).group_by(*_OF, half=half).agg(pl.col("number").n_unique()).filter(pl.col("number") == 2)
        if both.is_empty():
            continue
        joined = rows.with_columns(half=pl.when(here).then(half)).join(
            both.select(*_OF, "half", whole=pl.lit(value=True)), on=[*_OF, "half"], how="left"
        )
        rows = joined.with_columns(
            number=pl.when("whole").then("half").otherwise("number"), bits=pl.when("whole").then(bits - 1).otherwise("bits")
        ).drop("half", "whole")
    wholes = rows.select("six", "number", "bits").unique().drop_nulls()
    texts = [_text(*whole) for whole in wholes.iter_rows()]
    named = wholes.with_columns(whole=pl.Series(texts, dtype=pl.String))
    return rows.join(named, on=["six", "number", "bits"], how="left").select(
        "application", "inbound", "smallest", network=pl.coalesce("whole", "smallest")
    )


def _numbers(smallest: pl.Series) -> pl.DataFrame:
    """Each network's leading bits as a number (``first``), and of which version it is; null for other text."""
    known = [_number(text) for text in smallest.to_list()]
    return pl.DataFrame(
        {
            "smallest": smallest,
            "first": pl.Series([number for _, number, _ in known], dtype=pl.Int64),
            "smallest_bits": pl.Series([bits for _, _, bits in known], dtype=pl.Int64),
            "six": pl.Series([six for six, _, _ in known], dtype=pl.Boolean),
        }
    )


def _number(text: str) -> tuple[bool | None, int | None, int | None]:
    try:
        network = ipaddress.ip_network(text) if "/" in text else None
    except ValueError:
        network = None
    if network is None or network.prefixlen != (_FOUR if network.version == 4 else _SIX)[0]:
        return None, None, None
    return network.version == 6, int(network.network_address) >> (network.max_prefixlen - network.prefixlen), network.prefixlen


def _text(six: bool, number: int, bits: int) -> str:
    if six:
        return str(ipaddress.IPv6Network((number << (128 - bits), bits)))
    return str(ipaddress.IPv4Network((number << (32 - bits), bits)))

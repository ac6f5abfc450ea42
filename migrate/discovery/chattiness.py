"""How often a dependency waits for an answer: round trips per megabyte, from what flow records can tell.

A flow record counts packets, not questions and answers. Whoever waits for an answer needs a packet each way, so the lesser
of the packets out and in bounds the round trips of a conversation from above. A bulk transfer comes near it too, for its
receiver acknowledges every second full segment (RFC 9293, section 3.8.6.3): of 1 MB in segments of 1,460 bytes, 685
packets, 343 are acknowledged. So about 350 and fewer round trips a megabyte is bulk; several times as many, small questions
and small answers, is chatty: there each millisecond of latency is felt.
"""

from __future__ import annotations

import polars as pl

__all__ = ["CHATTY", "round_trips", "round_trips_mb"]

#: Round trips a megabyte from which a dependency is chatty: 500 bytes an exchange, both ways together. A planning value.
CHATTY = 2_000
_BYTES_A_MEGABYTE = 1_000_000


def round_trips(packets_out: pl.Expr, packets_in: pl.Expr) -> pl.Expr:
    """Upper bound of the round trips of one conversation."""
    return pl.min_horizontal(packets_out, packets_in)


def round_trips_mb() -> pl.Expr:
    """Of the columns ``round_trips``, ``bytes_out`` and ``bytes_in``; null where no bytes or no packets each way are told."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    told = (size > 0) & (pl.col("round_trips") > 0)
    return pl.when(told).then(pl.col("round_trips") * _BYTES_A_MEGABYTE / size)

"""What it costs to have the two ends of a dependency on two sites: the one formula of grouping, planning and reports."""

from __future__ import annotations

from typing import TypeVar

import polars as pl

from migrate.spec import Weights

__all__ = ["ROUND_TRIPS", "split_usd_day"]

#: Round trips of a mean connection: one to open it (TCP), one for TLS 1.3 (RFC 8446, figure 1), and eight requests.
#: The eight are a planning value of this project; replace the price, not this, by what is measured.
ROUND_TRIPS = 10.0

Figure = TypeVar("Figure", float, pl.Expr)


def split_usd_day(gb_day: Figure, connections_day: Figure, weights: Weights, *, waits: bool = True) -> Figure:
    """USD for every day on which the ends of a dependency are apart, before the weight of the term.

    Parameters
    ----------
    gb_day, connections_day
        Traffic of a mean observed day, both ways: numbers, or columns.
    weights
        GB × ``transfer_usd_gb``, and connections × `ROUND_TRIPS` × ``latency_usd_million_round_trips`` / 10⁶.
    waits
        Whether latency counts. It does not for shared services, which are copied or reached from both sites by design.
    """
    transfer = gb_day * weights.transfer_usd_gb
    return transfer + connections_day * (ROUND_TRIPS / 1e6 * weights.latency_usd_million_round_trips) if waits else transfer

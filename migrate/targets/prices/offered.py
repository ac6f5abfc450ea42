"""The prices that a plan's targets could be paid under, taken along in the plan: commitments need no price book then."""

from __future__ import annotations

import polars as pl

from migrate.model.plan import OfferedRate
from migrate.targets.prices.book import PriceBook

__all__ = ["offered_rates"]

_DATABASE = r"^rds:(db\.\S+) \((\S+), (\S+)\)$"
_NAMES = {"compute": "ec2", "database": "rds"}


def offered_rates(servers: pl.DataFrame, book: PriceBook) -> tuple[OfferedRate, ...]:
    """Every term's price of each type and class that a server moves to, in its region; sorted.

    Parameters
    ----------
    servers
        With ``target`` as plans write it and ``region``.
    book
        The price book that they were priced from.
    """
    target = pl.col("target")
    wanted = (
        servers.select("region", "target")
        .drop_nulls()
        .unique()
        .select(
            "region",
            type=pl.coalesce(target.str.extract(_DATABASE, 1), target),
            engine=target.str.extract(_DATABASE, 2),
            deployment=target.str.extract(_DATABASE, 3),
        )
    )
    linux = (pl.col("service") == "compute") & (pl.col("os") == "linux")
    hours = book.hours.filter(linux | (pl.col("service") == "database"))
    keys = ["region", "type", "engine", "deployment"]
    found = hours.join(wanted, on=keys, how="semi", nulls_equal=True).sort("service", *keys, "term", nulls_last=True)
    return tuple(
        OfferedRate(
            service=_NAMES[row["service"]],
            region=row["region"],
            item=row["type"],
            engine=row["engine"],
            deployment=row["deployment"],
            term=row["term"],
            usd_h=row["usd_h"],
            source=row["source"],
            date=row["date"],
        )
        for row in found.iter_rows(named=True)
    )

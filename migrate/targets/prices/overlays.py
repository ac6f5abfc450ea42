"""What a request's discounts make of list prices: each rate of a book with what comes off it, and what is left.

Nothing is written into the book. Private rates come first, then the enterprise discount, as in `migrate.finance.overlays`;
support and tax are of the bill as a whole, and no rate has them.
"""

from __future__ import annotations

import polars as pl

from migrate.spec import PrivateRate, Spec

__all__ = ["add_overlay"]

#: Part of the bill, and service of private rates, by service of the book.
_PARTS = {
    "ec2": ("compute", "ec2"),
    "rds": ("compute", "rds"),
    "windows": ("licence", "windows"),
    "ebs": ("storage", "ebs"),
    "rds-storage": ("storage", "ebs"),
    "transfer": ("transfer", "transfer"),
}
_SNAPSHOTS = ("snapshot_gib_month", "database_backup_gib_month")


def add_overlay(rates: pl.DataFrame, service: str, spec: Spec) -> pl.DataFrame:
    """Add private_rate (its id; null: none), private_share, edp_share, and net_usd or net_usd_h beside the list price.

    Parameters
    ----------
    rates
        As `migrate.targets.prices.show_rates` gives them.
    service
        Of all of them, as the book calls it.
    spec
        The request whose ``discounts`` and ``private_rate`` hold.
    """
    price = "usd_h" if "usd_h" in rates.columns else "usd"
    item = pl.col("instance_type" if "instance_type" in rates.columns else "item")
    part, kind = _PARTS.get(service, ("", service))
    snapshots = item.is_in(list(_SNAPSHOTS))
    parts = pl.when(snapshots).then(pl.lit("backup")).otherwise(pl.lit(part)) if service in _PARTS else pl.lit(part)
    kinds = pl.when(snapshots).then(pl.lit("snapshots")).otherwise(pl.lit(kind))
    marked = rates.with_columns(private_rate=pl.lit(None, dtype=pl.String), private_share=pl.lit(0.0), _kind=kinds, _part=parts)
    for rate in spec.private_rate:
        fits = pl.col("private_rate").is_null() & _fits(rate, item)
        marked = marked.with_columns(
            private_share=pl.when(fits).then(rate.share).otherwise("private_share"),
            private_rate=pl.when(fits).then(pl.lit(rate.id)).otherwise("private_rate"),
        )
    terms = spec.discounts
    eligible = pl.col("_part").is_in(list(terms.edp_applies_to))
    if not terms.edp_on_private_rates:
        eligible &= pl.col("private_rate").is_null()
    discounted = marked.with_columns(edp_share=pl.when(eligible).then(terms.edp_share).otherwise(0.0))
    left = pl.col(price) * (1.0 - pl.col("private_share")) * (1.0 - pl.col("edp_share"))
    return discounted.with_columns(left.round(9).alias(f"net_{price}")).drop("_kind", "_part")


def _fits(rate: PrivateRate, item: pl.Expr) -> pl.Expr:
    fits = pl.col("_kind") == rate.service
    if rate.family is not None:
        fits &= item.str.extract(r"^(.+)\.[^.]+$") == rate.family.lower()
    return fits if rate.region is None else fits & (pl.col("region") == rate.region)

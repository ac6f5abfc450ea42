"""The price book: list prices of one provider, dated, each part with its source. One JSON document, checked when read.

Prices that are not in the book are missing: a type without a price in a region and term is no candidate there, and
nothing is guessed. A price of 0 is refused, for in price lists it stands for "not known".
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from migrate.targets.prices.proportional import Proportional

__all__ = ["FORMAT", "TERMS", "Hourly", "Items", "PriceBook", "Source", "Tier"]

FORMAT = "migrate-price-book/1"

#: Terms that a plan can be priced under: on demand, and standard reservations without upfront payment. A book may have
#: others, such as ``savings_1y`` and ``savings_3y``: Compute Savings Plans without upfront payment.
TERMS = ("on_demand", "reserved_1y", "reserved_3y")

_Price = Annotated[FiniteFloat, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Part):
    """Where figures come from, and when they were published."""

    title: str = Field(min_length=1)
    url: str
    date: dt.date
    note: str = ""


class Hourly(_Part):
    """Hourly prices of one service for one set of attributes, such as ``{"os": "linux"}``."""

    service: Literal["compute", "database"]
    attributes: dict[str, str]
    source: str
    table: Proportional


class Items(_Part):
    """Prices by the piece: `usd` by item and region, in the item's unit. The region ``*`` stands for all others."""

    source: str
    usd: dict[str, dict[str, _Price]]


class Tier(_Part):
    """Price of traffic up to `up_to_gb` a month in all (None: without end)."""

    up_to_gb: _Price | None
    usd_gb: _Price


class Transfer(_Part):
    """Data transfer out, USD per GB by region."""

    source: str
    internet: dict[str, tuple[Tier, ...]]
    inter_region: dict[str, _Price]

    @model_validator(mode="after")
    def _tiers_ascend(self) -> Transfer:
        for region, tiers in self.internet.items():
            tops = [math.inf if tier.up_to_gb is None else tier.up_to_gb for tier in tiers]
            if any(low >= high for low, high in pairwise(tops)):
                raise ValueError(f"the tiers of {region!r} do not ascend")
        return self


class PriceBook(_Part):
    """A price book. `digest` is the SHA-256 of its file, `place` is where it was read."""

    format: Literal["migrate-price-book/1"]
    provider: str = Field(min_length=1)
    name: str = Field(min_length=1)
    date: dt.date  # of the compute prices
    currency: Literal["USD"]
    sources: dict[str, Source]
    hourly: tuple[Hourly, ...]
    items: tuple[Items, ...]
    transfer: Transfer
    digest: str = ""
    place: str = ""

    @model_validator(mode="after")
    def _sources_known(self) -> PriceBook:
        for name in self.used_sources:
            if name not in self.sources:
                raise ValueError(f"the source {name!r} is used and not described")
        return self

    @model_validator(mode="after")
    def _each_once(self) -> PriceBook:
        names = [name for part in self.items for name in part.usd]
        names += [f"{part.service} {sorted(part.attributes.items())} {term}" for part in self.hourly for term in _terms(part)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} stands in two parts")
        return self

    @property
    def used_sources(self) -> tuple[str, ...]:
        """Keys of the sources that some part of the book is from, sorted."""
        parts = [part.source for part in self.hourly] + [part.source for part in self.items] + [self.transfer.source]
        return tuple(sorted(set(parts)))

    @property
    def label(self) -> str:
        """Name, date and digest, as a plan states them."""
        return f"{self.provider} {self.name} of {self.date} (sha256 {self.digest[:12]})"

    @cached_property
    def hours(self) -> pl.DataFrame:
        """Every hourly price in a row.

        Columns: service, os, engine, deployment (null where the service has none), region, type, term, usd_h, exception
        (listed by itself, not by its family's rate), source, date.
        """
        frames = []
        for part in self.hourly:
            frame = pl.DataFrame(
                list(part.table.prices()), schema=["region", "type", "term", "usd_h", "exception"], orient="row"
            ).with_columns(
                pl.lit(part.service).alias("service"),
                *(pl.lit(part.attributes.get(key), dtype=pl.String).alias(key) for key in ("os", "engine", "deployment")),
                pl.lit(self.sources[part.source].title).alias("source"),
                pl.lit(self.sources[part.source].date).alias("date"),
            )
            frames.append(frame)
        order = ["service", "os", "engine", "deployment", "region", "type", "term", "usd_h", "exception", "source", "date"]
        return pl.concat(frames).select(order).sort(order[:7])

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions that have compute prices."""
        return tuple(sorted({region for part in self.hourly if part.service == "compute" for region in _regions(part)}))

    def compute(self, region: str, term: str) -> pl.DataFrame:
        """Linux instance types offered in the region under the term: type, usd_h."""
        none = pl.DataFrame(schema={"type": pl.String, "usd_h": pl.Float64})
        return self._linux.get((region, term), none)

    @cached_property
    def _linux(self) -> dict[tuple[object, ...], pl.DataFrame]:
        """The same by region and term: every server is asked for it several times."""
        rows = self.hours.filter((pl.col("service") == "compute") & (pl.col("os") == "linux"))
        parts = rows.select("region", "term", "type", "usd_h").partition_by("region", "term", as_dict=True, include_key=False)
        return dict(parts)

    def databases(self, region: str, engine: str, deployment: str, term: str) -> pl.DataFrame:
        """Database classes offered: type, usd_h. Engines: mysql, postgresql; deployments: single-az, multi-az."""
        wanted = (pl.col("service") == "database") & (pl.col("engine") == engine) & (pl.col("deployment") == deployment)
        rows = self.hours.filter(wanted & (pl.col("region") == region) & (pl.col("term") == term))
        return rows.select("type", "usd_h")

    def item(self, name: str, region: str) -> float | None:
        """Price of an item in USD per its unit; None where the book has none.

        Items: gp3_gib_month, gp3_iops_month (over the 3,000 included), gp3_mib_s_month (over the 125 included), io2_gib_month,
        io2_iops_month (up to 32,000), snapshot_gib_month, windows_vcpu_h, database_gib_month_single_az,
        database_gib_month_multi_az, database_backup_gib_month, direct_connect_1g_port_h, direct_connect_10g_port_h,
        direct_connect_100g_port_h, direct_connect_out_gb, dedicated_host_<family>_h; of other clouds
        balanced_disk_gib_month, ssd_disk_gib_month, disk_snapshot_gib_month.
        """
        for part in self.items:
            if name in part.usd:
                prices = part.usd[name]
                return prices.get(region, prices.get("*"))
        return None

    def internet_usd_month(self, region: str, gb_month: float) -> float | None:
        """Price of sending so much to the internet in a month, tier by tier; None where the region has no tiers.

        What lies above the last tier known is charged at that tier's price.
        """
        tiers = self.transfer.internet.get(region)
        if not tiers:
            return None
        total, below = 0.0, 0.0
        for number, tier in enumerate(tiers):
            last = number == len(tiers) - 1
            top = gb_month if last or tier.up_to_gb is None else min(gb_month, tier.up_to_gb)
            total += max(0.0, top - below) * tier.usd_gb
            below = max(below, top)
        return total


def _regions(part: Hourly) -> set[str]:
    return {region for rates in part.table.rates.values() for region in rates}


def _terms(part: Hourly) -> set[str]:
    return {term for regions in part.table.rates.values() for terms in regions.values() for term in terms}

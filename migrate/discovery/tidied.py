"""Conversations whose ends are written alike: one text for each host, and no end that can be none."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from migrate.discovery.addresses import canonical
from migrate.discovery.flows import DAYS, Conversations
from migrate.readers.flow_formats.record_kinds import MALFORMED, REJECTED

__all__ = ["tidied"]

_ENDS = ("client", "server")
_KEY = ("kind", "client", "server", "protocol", "port")
_MASKS = pl.selectors.by_name("hours", "sources") | DAYS
_SPANS = pl.selectors.by_name("first_seen", "last_seen")
_RANKS = pl.selectors.ends_with("_p95")  # null where no record is known to belong to a day


def tidied(heard: Conversations) -> Conversations:
    """Write every end as `migrate.discovery.addresses.canonical` does, and add up the rows that are one conversation then.

    Returns
    -------
    The same records. Those of ends that cannot be (``300.1.1.1``) are malformed ones.
    """
    written = canonical(heard.ends)
    if (written["written"] == written["ip"]).all():
        return heard
    ends = written["ip"].unique().sort()
    ends = ends.filter(ends != "").rename("end")
    number = written.select(pl.col("ip").cast(pl.Enum(ends), strict=False)).to_series().to_physical().cast(pl.UInt32)
    frame = heard.frame.with_columns(number.gather(heard.frame[end]).alias(end) for end in _ENDS)
    wrong = (pl.col("kind") <= REJECTED) & (pl.col("client").is_null() | pl.col("server").is_null())
    frame = frame.with_columns(wrong=wrong).with_columns(
        kind=pl.when("wrong").then(pl.lit(MALFORMED, pl.Int64)).otherwise("kind"),
        client=pl.when(~pl.col("wrong")).then("client"),
        server=pl.when(~pl.col("wrong")).then("server"),
        protocol=pl.when("wrong").then(0).otherwise("protocol"),
        port=pl.when("wrong").then(0).otherwise("port"),
    )
    frame = _added(frame.drop("wrong")).select(heard.frame.columns)
    records = dict(frame.group_by("kind").agg(pl.col("records").sum()).sort("kind").iter_rows())
    return replace(heard, frame=frame, ends=ends, records=records)


def _added(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a key."""
    summed = ~(_MASKS | _SPANS | _RANKS | pl.selectors.by_name(_KEY))
    return frame.group_by(_KEY).agg(
        summed.sum(),
        pl.when(_RANKS.is_not_null().any()).then(_RANKS.sum()),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        _MASKS.bitwise_or(),
    )

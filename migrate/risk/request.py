"""Columns of the evidence frame that come from the request: link, windows, crews and effort."""

from __future__ import annotations

import datetime as dt

import polars as pl

from migrate.spec import Spec, Window
from migrate.units import mbit_s_to_gib_day

__all__ = ["request_columns"]


def request_columns(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """Add what the request allows each application: null where it says nothing.

    - `link_gib_day`: what the link of its main site can replicate in a day;
    - `window_h`: the longest cutover window of its domain, 8 hours when the request has no windows;
    - `crew_need`: the largest ratio, over skills with a crew, of its crew hours to the crew's hours of one week.
    """
    speeds: dict[str, float] = {}
    for link in spec.link:
        speeds[link.from_] = speeds.get(link.from_, 0.0) + mbit_s_to_gib_day(link.rate_mbit_s)
    links = pl.DataFrame(
        {"main_site": sorted(speeds), "link_gib_day": [speeds[site] for site in sorted(speeds)]},
        schema={"main_site": pl.String, "link_gib_day": pl.Float64},
    )
    domains = frame["domain"].unique().sort().to_list()
    windows = pl.DataFrame(
        {"domain": domains, "window_h": [_longest_h(spec, domain) for domain in domains]},
        schema={"domain": pl.String, "window_h": pl.Float64},
    )
    return (
        frame.join(links, on="main_site", how="left")
        .join(windows, on="domain", how="left", nulls_equal=True)
        .with_columns(
            replication_days=pl.lit(spec.waves.replication_days),
            change_rate_day=pl.lit(spec.waves.change_rate_day),
            crew_need=_crew_need(spec),
        )
    )


def _longest_h(spec: Spec, domain: str | None) -> float | None:
    allowed = spec.window or (Window(id="default"),)
    hours = [_hours(window) for window in allowed if not window.domains or domain in window.domains]
    return max(hours, default=None)


def _hours(window: Window) -> float:
    """Length of a window; one that ends when it begins lasts a day."""
    begin, end = (dt.time.fromisoformat(part) for part in window.hours.split("-"))
    minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    return (minutes if minutes > 0 else minutes + 24 * 60) / 60.0


def _crew_need(spec: Spec) -> pl.Expr:
    week: dict[str, float] = {}
    for crew in spec.crew:
        week[crew.skill] = week.get(crew.skill, 0.0) + crew.hours_week
    effort = spec.effort
    hours = {
        "windows": pl.col("windows") * effort.server_h,
        "linux": (pl.col("servers") - pl.col("windows")) * effort.server_h,
        "database": pl.col("database_servers") * effort.database_h,
        "network": pl.lit(effort.network_h),
        "application": pl.lit(effort.application_h),
    }
    ratios = [hours[skill] / week[skill] for skill in sorted(week)]
    return pl.max_horizontal(ratios) if ratios else pl.lit(None, dtype=pl.Float64)

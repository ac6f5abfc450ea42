from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.sample import SampleSummary

HEALTH12 = Path(__file__).parents[2] / "inventories" / "health12"
Sample = tuple[SampleSummary, Path]
DOMAINS = {"clinical", "revenue-cycle", "back-office", "patient-engagement", "foundation", "research"}


def test_applications_have_domains_and_dirt(sample: Sample) -> None:
    listed = pl.read_csv(sample[1] / "applications.csv")
    assert set(pl.read_csv(HEALTH12 / "applications.csv")["domain"].drop_nulls()) == DOMAINS
    assert set(listed["domain"].drop_nulls()) <= DOMAINS
    spelled = set(listed["criticality"].drop_nulls().str.strip_chars())
    assert len({"High", "high", "HIGH", "Tier 1"} & spelled) >= 3
    assert listed["owner"].null_count() > 0
    assert listed.filter(pl.col("rto_h") < pl.col("rpo_h")).is_empty()


def test_utilisation_is_incomplete_and_in_range(sample: Sample) -> None:
    load = pl.read_csv(sample[1] / "utilisation.csv")
    assert 0.7 * sample[0].servers < load.height < 0.95 * sample[0].servers
    for column in ("cpu_mean_pct", "cpu_p95_pct", "memory_mean_pct", "memory_p95_pct"):
        assert load[column].drop_nulls().is_between(0, 100).all()
    assert load.filter(pl.col("cpu_p95_pct") < pl.col("cpu_mean_pct")).is_empty()
    assert load["memory_p95_pct"].null_count() > 0
    assert load["observed_days"].min() < 14  # type: ignore[operator]

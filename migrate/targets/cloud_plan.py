"""The servers of a plan on three clouds: the comparison that it carries, or another."""

from __future__ import annotations

import math

import polars as pl

from migrate.errors import RequestError
from migrate.model.plan import CloudComparison, Plan
from migrate.targets.cloud_regions import COUNTERPARTS
from migrate.targets.clouds import OTHERS, compare_clouds
from migrate.targets.prices import load_book

__all__ = ["compare_plan"]


def compare_plan(
    plan: Plan, term: str | None = None, *, prices: str | None = None, others: tuple[str, ...] | None = None
) -> CloudComparison:
    """The comparison that a plan carries, or one under another term or with other books.

    Parameters
    ----------
    plan
        Made by `migrate.make_plan`, or read by `migrate.load_plan`.
    term
        As in `compare_clouds`; None: the plan's.
    prices
        The book of AWS; None: the one that the plan names.
    others
        Books to compare with; None: those that the package carries.

    Raises
    ------
    RequestError
        The plan has no needs of its servers, or nothing to compare them with; a price book cannot be read.
    """
    found = plan.clouds
    if plan.sizing is None:
        raise RequestError(
            "was made before sizes were recorded", where="plan", remedy="Make it again with `migrate plan PLAN.toml`."
        )
    if term is not None or prices is not None or others is not None:
        book = load_book(prices or plan.spec.target.prices)
        copies = plan.spec.target.backup_retained_copies
        found = compare_clouds(_planned(plan), book, term or plan.spec.target.term, copies, OTHERS if others is None else others)
    if found is None:
        raise RequestError(
            "has nothing to compare: no server runs and moves, or no other cloud's book has a counterpart of its regions",
            where="plan",
            remedy=f"Regions with counterparts: {', '.join(name for name in COUNTERPARTS if any(COUNTERPARTS[name].values()))}.",
        )
    return found


def _planned(plan: Plan) -> pl.DataFrame:
    """The servers of a plan as `compare_clouds` wants them."""
    sized = plan.sizing.servers if plan.sizing is not None else None
    assert sized is not None
    needs = pl.DataFrame(
        [
            pl.Series("server_id", sized.server_ids, dtype=pl.String),
            pl.Series("need_vcpu", sized.need_vcpu, dtype=pl.Float64),
            pl.Series("need_memory_gib", sized.need_memory_gib, dtype=pl.Float64),
        ]
    )
    rows = [
        (s.server_id, s.region, s.os_family == "windows", math.fsum(s.volumes_gib) if s.volumes_gib else None, s.disk_used_gib)
        for s in plan.servers
        if s.power not in ("off", "suspended")
    ]
    schema = {"server_id": pl.String, "region": pl.String, "windows": pl.Boolean, "gib": pl.Float64, "used_gib": pl.Float64}
    return needs.join(pl.DataFrame(rows, schema=schema, orient="row"), on="server_id", how="inner").sort("server_id")

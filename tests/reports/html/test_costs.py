from __future__ import annotations

import numpy as np
import polars as pl

from migrate.reports.html.costs import cost_tables, type_rows
from migrate.reports.tables import servers_table
from tests.factories import make_plan


def test_sums_of_many_servers_are_the_same_each_time() -> None:
    many = 40_000
    plan = make_plan()
    plan = plan.model_copy(update={"servers": (plan.servers[0],) * many})
    random = np.random.default_rng(1)
    table = servers_table(plan).with_columns(
        pl.Series(name, random.lognormal(5.0, 2.0, many))
        for name in ("compute_usd_month", "storage_usd_month", "cost_usd_month", "source_cost_usd_month")
    )
    table = table.with_columns(
        site=pl.Series(random.choice(["A", "B", "C"], many)), target=pl.Series(random.choice(["m7i.large", "r7i.large"], many))
    )
    told = {repr((cost_tables(plan, table), type_rows(plan, table))) for _ in range(30)}
    assert len(told) == 1

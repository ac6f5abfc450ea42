"""sizing.csv: a row for every server that gets a target, with its alternatives; older plans have none."""

from __future__ import annotations

from migrate.model.plan import Plan
from migrate.reports.sizing_table import sizing_table
from migrate.targets import choose_targets
from tests.factories import make_plan
from tests.targets.estates import discovered, server, spec


def _plan() -> Plan:
    plan = make_plan()
    rows = [server(s.server_id, os_family="linux", vcpu=4.0) for s in plan.servers[:3]]
    rows[0]["vcpu"] = None
    choice = choose_targets(discovered(rows), spec({"regions": ["us-east-2"]}))
    return plan.model_copy(update={"sizing": choice.sizing, "clouds": choice.clouds})


def test_every_sized_server_has_a_row_with_every_alternative() -> None:
    plan = _plan()
    assert plan.sizing is not None
    assert plan.clouds is not None
    assert Plan.model_validate_json(plan.model_dump_json()).sizing == plan.sizing
    table = sizing_table(plan)
    assert sorted(table["server_id"]) == list(plan.sizing.servers.server_ids)
    unknown, known = (table.filter(server_id=plan.servers[place].server_id).row(0, named=True) for place in (0, 1))
    for way in ("as_allocated", "right_sized", "newest", "arm64", "managed_databases", "planned"):
        assert unknown[f"{way}_type"] is None
        assert unknown[f"{way}_usd_month"] is None
        assert known[f"{way}_usd_month"] > 0
    for cloud in ("aws", "azure", "google"):
        assert known[f"{cloud}_compute_usd_month"] > 0
        assert unknown[f"{cloud}_type"] is None
    assert (unknown["evidence"], known["evidence"]) == ("not sized", "allocated")


def test_a_plan_from_before_sizes_were_recorded_has_no_rows() -> None:
    table = sizing_table(make_plan())
    assert table.is_empty()
    assert "evidence" in table.columns

"""What a person changes in a plan by hand is followed everywhere."""

from __future__ import annotations

from migrate.model.plan import Plan
from migrate.pipeline import renew
from migrate.waves import check_plan, score_plan


def test_a_plan_that_nobody_has_edited_comes_back_as_it_was(health12: Plan) -> None:
    assert renew(health12) == health12


def test_rows_dates_servers_and_figures_follow_an_application(health12: Plan) -> None:
    moved = next(item for item in health12.applications if item.wave and item.moving_servers == 1 and item.crew_h)
    target = next(wave.wave for wave in health12.waves if wave.wave != moved.wave)
    edited = health12.model_copy(
        update={
            "applications": tuple(
                item.model_copy(update={"wave": target}) if item == moved else item for item in health12.applications
            )
        }
    )
    plan = renew(edited)
    rows = {wave.wave: wave for wave in plan.waves}
    assert moved.application in rows[target].applications
    assert all(moved.application not in row.applications for number, row in rows.items() if number != target)
    servers = [server for server in plan.servers if server.application == moved.application and server.wave]
    assert {server.wave for server in servers} == {target}
    assert {server.cutover_date for server in servers} == {rows[target].date}
    assert sum(row.servers for row in plan.waves) == sum(row.servers for row in health12.waves)
    assert plan.solution.objective == score_plan(plan)
    assert plan.solution.objective.total != health12.solution.objective.total
    assert not [item for item in check_plan(plan) if item.rule in {"server-wave", "calendar"}]

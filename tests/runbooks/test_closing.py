from __future__ import annotations

import datetime as dt

import pytest

from migrate.model.plan import Plan
from migrate.runbooks import build_runbook
from tests.factories import make_plan


def ending(days: int) -> Plan:
    """The plan whose waves are decommissioned so many days after their date."""
    plan = make_plan()
    waves = tuple(w.model_copy(update={"decommission_date": w.date + dt.timedelta(days=days)}) for w in plan.waves)
    return plan.model_copy(update={"waves": waves})


@pytest.mark.parametrize("days", range(1, 9))  # every day of the week
def test_hypercare_ends_and_the_source_goes_on_the_date_finance_counts_with(days: int) -> None:
    plan = ending(days)
    for wave in plan.waves:
        runbook = build_runbook(plan, wave.wave)
        steps = {step.title: step for step in runbook.steps}
        gate, gone = steps["Gate: end of hypercare"], steps["Take the source out of service"]
        watch = steps[f"Watch until {wave.decommission_date}"]
        assert runbook.hypercare is not None
        assert runbook.hypercare.ends == gate.starts.date() == gone.starts.date() == wave.decommission_date
        assert runbook.messages[-1].at == gate.starts
        assert watch.starts_h + watch.duration_h.likely == pytest.approx(gate.starts_h, abs=0.02)
        assert gate.gate is not None
        assert ("on call" in gate.gate.decider) is (wave.decommission_date.weekday() >= 5)
        assert ("those on call decide" in gate.action) is (wave.decommission_date.weekday() >= 5)


def test_without_hypercare_the_gate_is_an_hour_after_the_window() -> None:
    runbook = build_runbook(ending(0), 3)
    gate = next(step for step in runbook.steps if step.title == "Gate: end of hypercare")
    assert gate.starts == runbook.ends + dt.timedelta(hours=1)

"""Plans the move of whole data centers to the cloud.

Everything the command line does, from a script::

    import migrate

    plan = migrate.make_plan("plans/health12/plan.toml")
    migrate.write_plan(plan, "out")
    why = migrate.explain(plan, "Claims Clearinghouse")
    rehearsal = migrate.rehearse(plan, wave=plan.waves[0].wave)
    later = migrate.replan("plans/health12/plan.toml", "out/plan.json", as_of=plan.waves[2].date)
    difference = migrate.diff_plans(plan, later.plan)

Names are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrate.discovery import application_graph, server_graph
    from migrate.model.plan import Plan, load_plan
    from migrate.pipeline import make_plan, plan_inventory, renew, write_plan
    from migrate.readers import inspect, read_inventory
    from migrate.readers.wave_table import read_wave_table
    from migrate.rehearsal import rehearse
    from migrate.replanning import replan
    from migrate.reports import write_reports
    from migrate.reports.exports import export_plan
    from migrate.runbooks import build_runbook
    from migrate.sample import write_sample
    from migrate.scenarios import sweep
    from migrate.short_run import discover_files, write_discovery
    from migrate.spec import Spec
    from migrate.spec.load import load_spec
    from migrate.waves import check_plan, explain, score_plan
    from migrate.waves.diff import diff_plans
    from migrate.waves.edits import edit_plan, score_edits

__version__ = "0.1.0"

__all__ = [
    "Plan",
    "Spec",
    "application_graph",
    "build_runbook",
    "check_plan",
    "diff_plans",
    "discover_files",
    "edit_plan",
    "explain",
    "export_plan",
    "inspect",
    "load_plan",
    "load_spec",
    "make_plan",
    "plan_inventory",
    "read_inventory",
    "read_wave_table",
    "rehearse",
    "renew",
    "replan",
    "score_edits",
    "score_plan",
    "server_graph",
    "sweep",
    "write_discovery",
    "write_plan",
    "write_reports",
    "write_sample",
]

_HOMES = {
    "Plan": "migrate.model.plan",
    "Spec": "migrate.spec",
    "application_graph": "migrate.discovery",
    "build_runbook": "migrate.runbooks",
    "check_plan": "migrate.waves",
    "diff_plans": "migrate.waves.diff",
    "discover_files": "migrate.short_run",
    "edit_plan": "migrate.waves.edits",
    "explain": "migrate.waves",
    "export_plan": "migrate.reports.exports",
    "inspect": "migrate.readers",
    "load_plan": "migrate.model.plan",
    "load_spec": "migrate.spec.load",
    "make_plan": "migrate.pipeline",
    "plan_inventory": "migrate.pipeline",
    "read_inventory": "migrate.readers",
    "read_wave_table": "migrate.readers.wave_table",
    "rehearse": "migrate.rehearsal",
    "renew": "migrate.pipeline",
    "replan": "migrate.replanning",
    "score_edits": "migrate.waves.edits",
    "score_plan": "migrate.waves",
    "server_graph": "migrate.discovery",
    "sweep": "migrate.scenarios",
    "write_discovery": "migrate.short_run",
    "write_plan": "migrate.pipeline",
    "write_reports": "migrate.reports",
    "write_sample": "migrate.sample",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'migrate' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

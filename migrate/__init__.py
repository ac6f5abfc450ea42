"""Plans the move of whole data centers to the cloud.

Everything the command line does, from a script::

    import migrate

    plan = migrate.make_plan("plans/health12/plan.toml")
    migrate.write_plan(plan, "out")
    why = migrate.explain(plan, "Claims Clearinghouse")
    rehearsal = migrate.rehearse(plan, wave=plan.waves[0].wave)

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
    from migrate.rehearsal import rehearse
    from migrate.reports import write_reports
    from migrate.runbooks import build_runbook
    from migrate.sample import write_sample
    from migrate.short_run import discover_files, write_discovery
    from migrate.spec import Spec
    from migrate.spec.load import load_spec
    from migrate.waves import check_plan, explain, score_plan

__version__ = "0.1.0"

__all__ = [
    "Plan",
    "Spec",
    "application_graph",
    "build_runbook",
    "check_plan",
    "discover_files",
    "explain",
    "inspect",
    "load_plan",
    "load_spec",
    "make_plan",
    "plan_inventory",
    "read_inventory",
    "rehearse",
    "renew",
    "score_plan",
    "server_graph",
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
    "discover_files": "migrate.short_run",
    "explain": "migrate.waves",
    "inspect": "migrate.readers",
    "load_plan": "migrate.model.plan",
    "load_spec": "migrate.spec.load",
    "make_plan": "migrate.pipeline",
    "plan_inventory": "migrate.pipeline",
    "read_inventory": "migrate.readers",
    "rehearse": "migrate.rehearsal",
    "renew": "migrate.pipeline",
    "score_plan": "migrate.waves",
    "server_graph": "migrate.discovery",
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

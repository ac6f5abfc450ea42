"""How is it done? The runbook of a wave as typed steps with gates, owners, times and the way back."""

from migrate.runbooks.build import build_runbook, build_runbooks
from migrate.runbooks.clock import t_label
from migrate.runbooks.order import Turn, cutover_order
from migrate.runbooks.return_plan import ReturnPlan, ReturnWay
from migrate.runbooks.runbook import Gate, Phase, Runbook, RunbookApplication, RunbookServer, Step

__all__ = [
    "Gate",
    "Phase",
    "ReturnPlan",
    "ReturnWay",
    "Runbook",
    "RunbookApplication",
    "RunbookServer",
    "Step",
    "Turn",
    "build_runbook",
    "build_runbooks",
    "cutover_order",
    "t_label",
]

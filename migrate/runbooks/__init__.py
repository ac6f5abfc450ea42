"""How is it done? The runbook of a wave as typed steps with gates, owners, times and the way back."""

from migrate.runbooks.build import build_runbook, build_runbooks
from migrate.runbooks.clock import t_label
from migrate.runbooks.order import Turn, cutover_order
from migrate.runbooks.runbook import Gate, Phase, ReturnPlan, Runbook, RunbookApplication, Step

__all__ = [
    "Gate",
    "Phase",
    "ReturnPlan",
    "Runbook",
    "RunbookApplication",
    "Step",
    "Turn",
    "build_runbook",
    "build_runbooks",
    "cutover_order",
    "t_label",
]

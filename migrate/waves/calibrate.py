"""Durations as they were measured take the place of planned ones, where at least three were.

- ``waves.replication_days`` and ``waves.hypercare_days`` become the 80th percentile (nearest rank) of what replication and
  hypercare took: they are lead times that four of five applications keep.
- The ``[durations]`` of test launches, cutovers, validations and decommissions are scaled by the 80th percentile of measured
  over planned duration, application by application; what is planned is what the earlier plan's tasks say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from migrate.findings import Finding, Severity
from migrate.model.plan import Plan
from migrate.readers.actuals import Actual, Actuals
from migrate.spec import Spec

__all__ = ["calibrate"]

_ENOUGH = 3  # measured durations that outweigh a planning value
_QUANTILE = 0.8
_LEAST_FACTOR, _MOST_FACTOR = 0.1, 10.0  # of a scale: beyond it, other things were measured
_LEADS = (("replicate", "replication_days", 1.0), ("hypercare", "hypercare_days", 0.0))
#: Keys of [durations] that are multiplied, and those that are rates and so divided.
_SCALED = {
    "test": (("test_days",), ("test_servers_day",)),
    "cutover": (("cutover_h", "cutover_server_h"), ()),
    "validate": (("validate_h", "validate_server_h"), ()),
    "decommission": (("decommission_days",), ("decommission_servers_day",)),
}


def calibrate(spec: Spec, actuals: Actuals, earlier: Plan) -> tuple[Spec, list[Finding]]:
    """The request with measured durations, and a finding for each key that changed.

    Parameters
    ----------
    spec
        The request.
    actuals
        Tasks that were begun and ended.
    earlier
        The plan that they were tasks of.
    """
    findings = []
    waves = spec.waves
    for task, key, least in _LEADS:
        took = [days for row in actuals.rows if row.task == task and (days := row.days) is not None]
        measured = None if len(took) < _ENOUGH else min(365.0, max(least, round(_quantile(took), 1)))
        planned = getattr(waves, key)
        if measured is not None and measured != planned:
            findings.append(_told(f"waves.{key}", f"{planned:g}", f"{measured:g}", len(took)))
            waves = waves.model_copy(update={key: measured})
    durations = spec.durations
    for task, (times, rates) in _SCALED.items():
        ratios = _ratios(task, actuals.rows, earlier)
        if len(ratios) < _ENOUGH:
            continue
        factor = round(min(max(_quantile(ratios), _LEAST_FACTOR), _MOST_FACTOR), 2)
        for key in (*times, *rates) if factor != 1.0 else ():
            planned = getattr(durations, key)
            scaled = round(planned * factor if key in times else planned / factor, 4)
            findings.append(_told(f"durations.{key}", f"{planned:g}", f"{scaled:g}", len(ratios)))
            durations = durations.model_copy(update={key: scaled})
    return spec.model_copy(update={"waves": waves, "durations": durations}), findings


def _ratios(task: str, rows: Sequence[Actual], earlier: Plan) -> list[float]:
    """Measured over planned durations of one task."""
    planned = {item.application.casefold(): item for item in (earlier.tasks.tasks if earlier.tasks else ()) if item.task == task}
    ratios = []
    for row in rows:
        item = planned.get(row.application.casefold())
        if row.task != task or item is None or row.days is None:
            continue
        days = item.duration_h / 24.0 if item.duration_h is not None else float((item.end - item.start).days + 1)
        # a task told in days and not in hours took the whole of its last day
        took = row.days if item.duration_h is not None else math.floor(row.days) + 1.0
        if days > 0:
            ratios.append(took / days)
    return ratios


def _quantile(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(_QUANTILE * len(values)) - 1]


def _told(key: str, planned: str, measured: str, count: int) -> Finding:
    return Finding(
        code="duration-measured",
        severity=Severity.info,
        subject=key,
        source="actuals",
        message=f"{count} measured durations put {measured} in the place of {planned}: four of five took no longer",
        remedy=f"Write {key.partition('.')[2]} = {measured} into [{key.partition('.')[0]}] to keep it.",
    )

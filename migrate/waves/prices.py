"""The dollars of the objective as coefficients: what each wave costs an application, a pair, a site.

All figures carry the weights of ``[weights]``. Days count from ``plan.start``; the horizon `H` of the objective ends with
hypercare of the last candidate date, so that all plans of one request are judged over the same days. An application that
is in no wave stays at the source until `H`.

- **split**: a dependency costs, for every day between the two cutovers, what `split_usd_day` says: transfer, and the
  latency of its round trips. Shared services are copied or reached from both sides by design (DNS, directory), so only
  their transfer counts. A dependency on an
  application that is retained costs the same from the cutover to `H`; one on something outside the estate costs nothing.
- **double run**: target cost from replication start to `H`, source cost from the start until decommission.
- **risk**: failure probability × outage cost an hour × hours of outage. The hours are the RTO, because a rollback must fit
  it; where it is unknown, `OUTAGE_H` of the criticality. In the weeks after the staff's transfer failure is more likely by
  the share of people who leave.
- **wave overhead**: ``weights.wave_usd`` for every wave that is used, and ``costs.programme_usd_month`` until the last one.
- **soft rules**: ``price_usd`` for each time a rule is broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import PlannedApplication, PlannedDependency
from migrate.model.split_price import split_usd_day
from migrate.spec import Spec
from migrate.units import DAYS_PER_MONTH
from migrate.waves.footprint import Footprint
from migrate.waves.rules import DateRule, Ints

__all__ = ["EXPERIENCE", "OUTAGE_H", "Prices", "price_applications"]

Floats = NDArray[np.float64]

#: Hours of outage of a failed cutover where no RTO is known. Planning values of this project.
OUTAGE_H = {"mission-critical": 4.0, "high": 8.0, "medium": 24.0, "low": 72.0}

#: Applications whose cutover doubles experience for the first time.
EXPERIENCE = 10.0


@dataclass(frozen=True)
class Prices:
    """Coefficients in USD. `waves + 1` columns: the last one is "in no wave"."""

    consumer: Ints  # of each pair of applications, the smaller position
    provider: Ints
    pair_usd_day: Floats
    kept_usd_day: Floats  # of each application: dependencies on what is retained
    run: Floats  # applications × (waves + 1)
    dated: Floats  # applications × (waves + 1): soft earliest and latest rules
    site_usd_day: Floats  # of each site: saved by every day of earlier exit
    site_usd: Floats  # of each site: whatever the plan
    loss_usd: Floats  # of each application, alone in a first wave
    critical: NDArray[np.bool_]  # mission-critical
    settling: Floats  # of each wave: factor on the loss
    learning: Floats  # factor by number of applications done before
    risk_weight: float
    wave_usd: float
    programme_usd_day: float
    hypercare_days: float


def price_applications(
    moving: Sequence[PlannedApplication],
    everyone: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    footprint: Footprint,
    day: Floats,
    dated: Sequence[DateRule],
    spec: Spec,
) -> Prices:
    """Work out all coefficients. `day` has that of every candidate and, last, the horizon."""
    consumer, provider, pair, kept = _pairs(moving, everyone, dependencies, spec)
    site_usd_day, site_usd = _sites(footprint, float(day[-1]), spec)
    waves = len(day) - 1
    soft = np.zeros((len(moving), waves + 1))
    for rule in dated:
        if rule.price is not None:
            soft[np.ix_(rule.members, np.flatnonzero(rule.broken(day)))] += rule.price
    done = np.arange(len(moving) + 1)
    return Prices(
        consumer=consumer,
        provider=provider,
        pair_usd_day=pair,
        kept_usd_day=kept,
        run=_run(footprint, day, spec),
        dated=soft,
        site_usd_day=site_usd_day,
        site_usd=site_usd,
        loss_usd=np.array([outage_loss_usd(a) for a in moving], dtype=np.float64),
        critical=np.array([a.criticality == "mission-critical" for a in moving], dtype=bool),
        settling=_settling(day[:-1], spec),
        learning=spec.risk.learning_rate ** np.log2(1.0 + done / EXPERIENCE),
        risk_weight=spec.weights.risk,
        wave_usd=spec.weights.wave_overhead * spec.weights.wave_usd,
        programme_usd_day=spec.weights.wave_overhead * spec.costs.programme_usd_month / DAYS_PER_MONTH,
        hypercare_days=spec.waves.hypercare_days,
    )


def outage_loss_usd(application: PlannedApplication) -> float:
    """Expected loss of the cutover of one application, alone and first."""
    hours = application.rto_h if application.rto_h is not None else OUTAGE_H.get(application.criticality, OUTAGE_H["medium"])
    return application.failure_probability * application.outage_usd_h * hours


def _pairs(
    moving: Sequence[PlannedApplication],
    everyone: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    spec: Spec,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Dependencies between moving applications, both directions of a pair summed; and those on retained ones."""
    place = {application.application: index for index, application in enumerate(moving)}
    known = {application.application: application for application in everyone}
    sums: dict[tuple[int, int], float] = {}
    kept = np.zeros(len(moving))
    for dependency in dependencies:
        ends = [known.get(dependency.consumer), known.get(dependency.provider)]
        if dependency.external or ends[0] is None or ends[1] is None or dependency.consumer == dependency.provider:
            continue
        shared = ends[0].shared_service or ends[1].shared_service
        usd = spec.weights.split * split_usd_day(dependency.gb_day, dependency.connections_day, spec.weights, waits=not shared)
        first, second = place.get(dependency.consumer), place.get(dependency.provider)
        if first is not None and second is not None:
            key = (min(first, second), max(first, second))
            sums[key] = sums.get(key, 0.0) + usd
        elif first is not None and _stays(ends[1]):
            kept[first] += usd
        elif second is not None and _stays(ends[0]):
            kept[second] += usd
    keys = sorted(sums)
    table = np.array(keys, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1], np.array([sums[key] for key in keys], dtype=np.float64), kept


def _stays(application: PlannedApplication) -> bool:
    return application.moving_servers == 0 and application.disposition != "retire"


def _run(footprint: Footprint, day: Floats, spec: Spec) -> Floats:
    horizon = day[-1]
    in_target = horizon - np.maximum(day - spec.waves.replication_days, 0.0)
    in_source = np.minimum(day + spec.waves.hypercare_days, horizon)
    in_target[-1], in_source[-1] = 0.0, horizon
    usd = footprint.target_usd_month[:, None] * in_target + footprint.source_usd_month[:, None] * in_source
    return np.asarray(spec.weights.double_run * usd / DAYS_PER_MONTH)


def _sites(footprint: Footprint, horizon: float, spec: Spec) -> tuple[Floats, Floats]:
    """What a site costs a day until it is left, less what housing the retained servers costs after; and the constant part.

    A site with retained servers and no ``colocation_usd_month`` is never left: its cost is constant.
    """
    daily, constant = np.zeros(len(footprint.sites)), np.zeros(len(footprint.sites))
    for site in spec.site:
        column = footprint.sites.index(site.name)
        fixed = spec.weights.site_exit * site.fixed_cost_usd_month / DAYS_PER_MONTH
        if not footprint.staying[column]:
            daily[column] = fixed
        elif site.colocation_usd_month is None:
            constant[column] = fixed * horizon
        else:
            after = spec.weights.site_exit * site.colocation_usd_month / DAYS_PER_MONTH
            daily[column], constant[column] = fixed - after, after * horizon
    return daily, constant


def _settling(day: Floats, spec: Spec) -> Floats:
    if spec.staff.transfer_date is None:
        return np.ones(len(day))
    begin = (spec.staff.transfer_date - spec.plan.start).days
    inside = (day >= begin) & (day < begin + 7 * spec.staff.settling_weeks)
    return np.where(inside, 1.0 + spec.staff.leaving_share, 1.0)

"""The NPV as a distribution: all uncertain inputs drawn at once, seeded.

==================== ============================================================================================
input                distribution
==================== ============================================================================================
shares               triangular, from low over 0 to high of ``[uncertainty]``; all independent of each other
delay                as the simulated end of the programme is late, or triangular; all waves alike
failed cutovers      the number of failures is Poisson with the sum of the applications' failure probabilities; each
                     falls on an application in proportion to its own; its cost is the wave's expected loss per
                     failure, in proportion to outage cost, times a factor that is triangular from the low over the
                     likely to the high estimate of that loss
==================== ============================================================================================

Sources: triangular distributions for estimates of least, likely and most, and Monte Carlo simulation of an NPV: Brealey, Myers
and Allen, *Principles of Corporate Finance*, "Monte Carlo Simulation"; rank correlation as a measure of what matters: Vose,
*Risk Analysis*, "Spider plots and tornado charts". Inputs that rise and fall together would widen the range: independence is
a choice, and `BusinessCase.npv_range` has the case where all fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.cashflow import Planned
from migrate.finance.inputs import INPUTS, Inputs, ranges
from migrate.model.plan import Bin, PlannedApplication, PlannedWave, Simulation
from migrate.spec import Spec
from migrate.waves.prices import outage_loss_usd

__all__ = ["simulate"]

_BINS = 40
_PERCENTILES = np.arange(0, 101, 5)


def simulate(inputs: Inputs, planned: Planned, spec: Spec) -> Simulation | None:
    """Draw the runs. None where nothing moves: then nothing is uncertain."""
    if not planned.waves:
        return None
    runs, seed = spec.uncertainty.runs, spec.plan.seed
    dice = np.random.default_rng([seed, 0xCA5E])
    shares = np.column_stack([_share(dice, low, high, runs) for low, high in ranges(spec.uncertainty)])
    steps = np.linspace(0.0, 1.0, inputs.delay.days.size)
    delay = np.interp(dice.random(runs), steps, inputs.delay.days)
    losses = _losses(dice, delay, planned, spec, inputs.basis.axis)
    npv = inputs.npv(1.0 + shares, delay) - losses
    points = np.percentile(npv, _PERCENTILES)
    counts, edges = np.histogram(npv, bins=_BINS) if npv.max() > npv.min() else (np.array([runs]), np.array([npv[0], npv[0]]))
    return Simulation(
        runs=runs,
        seed=seed,
        p10_usd=round(float(points[2]), 2),
        p50_usd=round(float(points[10]), 2),
        p90_usd=round(float(points[18]), 2),
        mean_usd=round(float(npv.mean()), 2),
        failures_usd=round(float(losses.mean()), 2),
        positive_share=float((npv > 0.0).mean()),
        percentiles_usd=tuple(round(float(point), 2) for point in points),
        histogram=tuple(
            Bin(from_usd=round(float(edges[k]), 2), to_usd=round(float(edges[k + 1]), 2), runs=int(count))
            for k, count in enumerate(counts)
        ),
        shares=_what_matters(npv, np.column_stack([shares, delay, losses])),
        method=f"{runs:,} runs, seed {seed}; shares triangular, all inputs independent; delay: {inputs.delay.why}; failed "
        "cutovers: Poisson",
    )


def _share(dice: np.random.Generator, low: float, high: float, runs: int) -> Floats:
    return dice.triangular(low, 0.0, high, runs) if high > low else np.zeros(runs)


def _losses(dice: np.random.Generator, delay: Floats, planned: Planned, spec: Spec, axis: Axis) -> Floats:
    """Present value of failed cutovers by run, USD."""
    failures = _failures(planned.applications, planned.waves, axis)
    total = float(failures.probability.sum())
    if total <= 0.0:
        return np.zeros(delay.size)
    run = np.repeat(np.arange(delay.size), dice.poisson(total, delay.size))
    reached = np.cumsum(failures.probability) / total
    which = np.searchsorted(reached, dice.random(run.size), side="right").clip(0, reached.size - 1)
    usd = dice.triangular(failures.low[which], failures.likely[which], failures.high[which])
    when = failures.day[which] + delay[run]
    usd = np.where(when < axis.days, usd / (1.0 + spec.plan.discount_rate) ** (np.clip(when, 0.0, None) / 365.25), 0.0)
    return np.bincount(run, weights=usd, minlength=delay.size).astype(float)


@dataclass(frozen=True)
class _Failures:
    """One entry for each application whose cutover can fail at a cost."""

    probability: Floats
    low: Floats  # USD
    likely: Floats
    high: Floats
    day: Floats  # of its cutover


def _failures(applications: Sequence[PlannedApplication], waves: Sequence[PlannedWave], axis: Axis) -> _Failures:
    """Costs are in proportion to what the outage of each costs alone, such that each wave's expected loss is the plan's."""
    by_wave = {wave.wave: wave for wave in waves if wave.expected_loss_usd.likely > 0.0}
    moving = [a for a in applications if a.wave in by_wave and outage_loss_usd(a) > 0.0]
    probability = np.array([a.failure_probability for a in moving], dtype=float)
    alone = np.array([outage_loss_usd(a) for a in moving], dtype=float)
    numbers = sorted(by_wave)
    place = {number: k for k, number in enumerate(numbers)}
    wave = np.array([place[a.wave] for a in moving if a.wave is not None], dtype=np.int64)
    expected = np.bincount(wave, weights=alone, minlength=len(numbers))
    losses = [by_wave[number].expected_loss_usd for number in numbers]
    scale = np.divide([loss.likely for loss in losses], expected, out=np.zeros(len(numbers)), where=expected > 0.0)
    low = np.array([min(loss.low / loss.likely, 1.0) for loss in losses], dtype=float)
    high = np.array([max(loss.high / loss.likely, 1.0 + 1e-9) for loss in losses], dtype=float)
    likely = alone / probability * scale[wave]
    days = np.array([axis.day(by_wave[number].date) for number in numbers], dtype=float)
    return _Failures(probability, likely * low[wave], likely, likely * high[wave], days[wave])


def _what_matters(npv: Floats, drawn: Floats) -> dict[str, float]:
    """Squared rank correlation with the NPV of each input, as a share of their sum."""
    names = [*(item.key for item in INPUTS), "delay_days", "failed_cutovers"]
    ranked = _ranks(npv)
    squared = [float(np.corrcoef(_ranks(column), ranked)[0, 1] ** 2) if np.ptp(column) > 0 else 0.0 for column in drawn.T]
    total = sum(squared)
    return {name: round(value / total, 6) if total else 0.0 for name, value in zip(names, squared, strict=True)}


def _ranks(values: Floats) -> Floats:
    """Ranks, those of ties being their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2.0)[place]
    return ranks

"""The objective in dollars by term, of any assignment, computed from scratch: nothing here knows the solver.

With `day(w)` the day of wave `w`, `n` its applications and `c` its mission-critical ones::

    split         Σ pairs usd_day × |day(a) − day(b)|  +  Σ applications kept_usd_day × (H − day)
    double run    Σ applications run[application, wave]
    site exit     Σ sites usd_day × max over its applications (day + hypercare)  +  constant
    risk          Σ waves (Σ loss) × pile(n, c) × settling(w) × learning(applications cut over before w)
    wave overhead waves used × wave_usd  +  programme_usd_day × day of the last cutover
    soft rules    Σ rules price × times broken
    extra capac.  Σ waves Σ steps price × what the wave uses of the step (`migrate.waves.extra_capacity`)

    pile(n, c)  = 1 + PILE_APPLICATION × (n − 1) + PILE_CRITICAL × max(c − 1, 0)
    learning(k) = learning_rate ^ log₂(1 + k / EXPERIENCE)   (Wright's learning curve, J. Aeronautical Sciences 3, 1936)

Experience comes from applications, not from waves: else it would pay to hold many waves with next to nothing in them. The
pile factors and `EXPERIENCE` are planning values of this project: every further application in a night adds its share of
confusion, and a team that has moved ten has doubled what it knew after the rehearsals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import ObjectiveTerms
from migrate.waves.rules import Ints, times_broken

if TYPE_CHECKING:
    from migrate.waves.problem import Problem

__all__ = ["PILE_APPLICATION", "PILE_CRITICAL", "evaluate", "extra_amounts", "wave_losses"]

PILE_APPLICATION = 0.01
PILE_CRITICAL = 0.10

Floats = NDArray[np.float64]


def evaluate(problem: Problem, wave: Ints) -> ObjectiveTerms:
    """The objective of an assignment, each term to the cent.

    Parameters
    ----------
    problem
        The problem.
    wave
        Wave of each application, from 0; ``problem.waves`` for none.
    """
    prices, day, waves = problem.prices, problem.day, problem.waves
    here = day[wave]
    split = float(prices.pair_usd_day @ np.abs(here[prices.consumer] - here[prices.provider]))
    split += float(prices.kept_usd_day @ (day[-1] - here))
    everyone = np.arange(len(wave))
    soft = float(prices.dated[everyone, wave].sum())
    for rule in problem.rules:
        if rule.price is not None:
            soft += rule.price * times_broken(rule, wave, waves, problem.group)
    used = int((np.bincount(wave, minlength=waves + 1)[:waves] > 0).sum())
    terms = {
        "split": split,
        "double_run": float(prices.run[everyone, wave].sum()),
        "site_exit": float(prices.site_usd_day @ exit_days(problem, wave) + prices.site_usd.sum()),
        "risk": float(prices.risk_weight * wave_losses(problem, wave).sum()),
        "wave_overhead": prices.wave_usd * used + prices.programme_usd_day * float(here.max(initial=0.0)),
        "soft_rules": soft,
        "extra_capacity": float((extra_amounts(problem, wave) @ problem.extras.usd).sum()),
    }
    cents = {name: round(usd, 2) for name, usd in terms.items()}
    return ObjectiveTerms(**cents, total=round(sum(cents.values()), 2))


def extra_amounts(problem: Problem, wave: Ints) -> Ints:
    """Waves × priced steps: what an assignment uses of each, in thousandths."""
    if not problem.extras.steps:
        return np.zeros((problem.waves, 0), dtype=np.int64)
    used = np.zeros((problem.waves + 1, len(problem.resources)), dtype=np.int64)
    np.add.at(used, wave, problem.load)
    return problem.extras.amounts(used[: problem.waves])


def exit_days(problem: Problem, wave: Ints) -> Floats:
    """The day on which the last moving server of each site is decommissioned; the horizon when one never moves."""
    present = problem.footprint.servers > 0
    last = np.where(present, problem.day[wave][:, None], -np.inf).max(axis=0, initial=-np.inf)
    found = np.minimum(last + problem.prices.hypercare_days, problem.day[-1])
    return np.where(np.isfinite(last), found, 0.0)


def wave_losses(problem: Problem, wave: Ints) -> Floats:
    """Expected loss of each wave in USD, before the weight of the term."""
    prices, waves = problem.prices, problem.waves

    def total(weights: Floats | None) -> Floats:
        return np.bincount(wave, weights=weights, minlength=waves + 1)[:waves].astype(np.float64)

    count, critical, loss = total(None), total(prices.critical.astype(np.float64)), total(prices.loss_usd)
    before = (np.cumsum(count) - count).astype(np.int64)
    pile = 1.0 + PILE_APPLICATION * np.maximum(count - 1.0, 0.0) + PILE_CRITICAL * np.maximum(critical - 1.0, 0.0)
    return np.asarray(loss * pile * prices.settling * prices.learning[before])

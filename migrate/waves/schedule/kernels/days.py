"""Place transfers and crew work on days, in a given order, into what is left of links and crews. Compiled.

Serial generation with work that may pause: every application takes what is left on each day, until its work is done.
Where regular hours are not enough, it takes the overtime that its wave has.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["place_transfers", "place_work"]


@njit(cache=True, nogil=True)
def place_transfers(
    order: np.ndarray, release: np.ndarray, amount: np.ndarray, left: np.ndarray, least_days: float, end: np.ndarray
) -> None:
    """Send `amount` (applications × links) from the day `release` on; `end` is the moment, in days, when all has been sent.

    `left` (links × days) is what each link can still send; below 0: the link is not known and does not hold anything up.
    """
    for i in order:
        end[i] = release[i] + least_days
        for link in range(amount.shape[1]):
            rest = amount[i, link]
            if rest <= 0.0 or left[link, 0] < 0.0:
                continue
            for day in range(release[i], left.shape[1]):
                can = left[link, day]
                if can <= 0.0:
                    continue
                sent = min(can, rest)
                left[link, day] -= sent
                rest -= sent
                if rest <= 1e-9:
                    end[i] = max(end[i], day + sent / can + least_days)
                    break
            if rest > 1e-9:
                end[i] = left.shape[1]


@njit(cache=True, nogil=True)
def place_work(
    order: np.ndarray,
    release: np.ndarray,
    hours: np.ndarray,
    least_days: np.ndarray,
    working: np.ndarray,
    left: np.ndarray,
    over: np.ndarray,
    wave: np.ndarray,
    pool: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
) -> None:
    """Work `hours` (applications × crews) from the day `release` on, on working days, for at least `least_days` of them.

    `left` (crews × days) is what each crew can still work, `over` what it can work beyond, as far as the `pool` (waves ×
    crews) of the application's `wave` lasts. All crews of an application advance together: the one that has
    the least left sets the pace.
    """
    days = left.shape[1]
    for i in order:
        done, day = 0.0, release[i]
        most = 1.0 / max(least_days[i], 1.0)
        start[i], end[i] = -1, days
        while done < 1.0 - 1e-9 and day < days:
            if working[day]:
                part = min(most, 1.0 - done)
                for crew in range(hours.shape[1]):
                    if hours[i, crew] > 0.0:
                        beyond = min(over[crew, day], pool[wave[i], crew])
                        part = min(part, (left[crew, day] + beyond) / hours[i, crew])
                if part > 1e-9:
                    for crew in range(hours.shape[1]):
                        used = part * hours[i, crew]
                        beyond = min(max(used - left[crew, day], 0.0), over[crew, day], pool[wave[i], crew])
                        over[crew, day] -= beyond
                        pool[wave[i], crew] -= beyond
                        left[crew, day] -= used - beyond
                    done += part
                    if start[i] < 0:
                        start[i] = day
                    end[i] = day
            day += 1
        if start[i] < 0:
            start[i] = min(release[i], days - 1)
        if done < 1.0 - 1e-9:
            end[i] = days - 1

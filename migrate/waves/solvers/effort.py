"""How much a search may still do: a number of proposals, or a time, until somebody stops it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Effort"]


@dataclass
class Effort:
    """One budget, shared by all runs of a search. With `iterations` alone nothing depends on the clock.

    Exactly one of `iterations` and `seconds` is given. A plan that costs no more than `enough` ends the search too.
    """

    iterations: int | None = None
    seconds: float | None = None
    enough: float = -math.inf
    done: int = 0  # proposals
    rate: float = 5e6  # proposals a second of one run, as measured so far; of use with `seconds` only
    clock: Callable[[], float] = time.perf_counter
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def share(self) -> float:
        """Share of the budget that is used up, 1 when it is at an end."""
        if self.stop.is_set():
            return 1.0
        if self.seconds is not None:
            return min((self.clock() - self.began) / max(self.seconds, 1e-9), 1.0)
        return min(self.done / max(self.iterations or 0, 1), 1.0)

    def proposals(self, share: float, runs: int) -> int:
        """Proposals in a share of the whole budget when that many runs go on side by side."""
        if self.seconds is not None:
            return int(self.rate * self.seconds * share * runs)
        return int((self.iterations or 0) * share)

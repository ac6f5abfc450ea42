"""Who watches a run: told which stage is running, how far it is, and how long each took."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["STAGES", "Stages"]

#: The stages in order, as they are shown while they run and in benchmarks.
STAGES = ("read", "discover", "target", "assess", "draft", "schedule", "finance", "write")


@dataclass
class Stages:
    """Watches a run: which stage is running, and how long each took.

    Parameters
    ----------
    began
        Called with the stage's name when it begins.
    ended
        Called with the stage's name and its seconds when it has ended.
    broken
        Called with the stage's name when it ends by an error or an interruption.
    advanced
        Called within a stage with a text and a share done (0 to 1), where the stage can tell.
    """

    began: Callable[[str], None] = lambda _: None
    ended: Callable[[str, float], None] = lambda _, __: None
    broken: Callable[[str], None] = lambda _: None
    advanced: Callable[[str, float], None] = lambda _, __: None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the enclosed stage, and keep the cycle collector out of it.

        Stages make millions of records that all live on: looking for cycles among them costs a seventh of a large run and
        frees nothing.
        """
        self.began(name)
        start = time.perf_counter()
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        except BaseException:
            self.broken(name)
            raise
        finally:
            if collects:
                gc.enable()
        self.seconds[name] = time.perf_counter() - start
        self.ended(name, self.seconds[name])

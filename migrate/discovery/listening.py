"""Adding up flow logs while inventories are still read: the one runs outside the interpreter, the other mostly in it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from migrate.discovery.flows import Conversations, conversations_by
from migrate.model.stages import FlowFiles
from migrate.spec.flows import Flows

if TYPE_CHECKING:
    from migrate.discovery.engines.duckdb import DuckDB

__all__ = ["Listening", "listening"]

_GLANCE = 0.1  # seconds between two looks at the keyboard, and between two attempts to stop


class Listening:
    """Flow logs that are being added up; see `listening`."""

    def __init__(self, asked: Flows, beside: ThreadPoolExecutor) -> None:
        self._asked, self._beside = asked, beside
        self._running: Future[Conversations] | None = None
        self._engine: DuckDB | None = None
        self._stopped, self._lock = False, Lock()

    def begin(self, flows: FlowFiles) -> None:
        """Begin with these files, to which no leases belong. Engines other than DuckDB are left for `discover`."""
        if flows.files and self._asked.engine == "duckdb":
            self._running = self._beside.submit(self._read, flows)

    def heard(self) -> Conversations | None:
        """The conversations, once they are there; None where nothing was begun.

        Raises
        ------
        InputError, MigrateError
            As `migrate.discovery.flows.read_conversations`.
        """
        if self._running is None:
            return None
        while wait([self._running], _GLANCE).not_done:  # a signal may reach another thread, which does not wake this one
            pass
        return self._running.result()

    def stop(self) -> None:
        """End what is still under way."""
        self._stopped = True
        while self._running is not None and wait([self._running], _GLANCE).not_done:
            with self._lock:
                if self._engine is not None:
                    self._engine.interrupt()

    def _read(self, flows: FlowFiles) -> Conversations:
        from migrate.discovery.engines.duckdb import DuckDB  # noqa: PLC0415 -- imports ibis
        from migrate.discovery.engines.opening import open_engine  # noqa: PLC0415

        with open_engine(self._asked) as engine:
            assert isinstance(engine, DuckDB)
            self._engine = engine
            try:
                return conversations_by(engine, flows, self._asked, progress=self._go_on)
            finally:
                with self._lock:
                    self._engine = None

    def _go_on(self, _text: str, _share: float) -> None:
        if self._stopped:
            raise KeyboardInterrupt


@contextmanager
def listening(asked: Flows) -> Iterator[Listening]:
    """Listen to flow logs within the block; what is not done at its end is given up.

    Parameters
    ----------
    asked
        The memory of the engine, a table that it has, and the business hours.
    """
    with ThreadPoolExecutor(1) as beside:
        ears = Listening(asked, beside)
        try:
            yield ears
        finally:
            ears.stop()

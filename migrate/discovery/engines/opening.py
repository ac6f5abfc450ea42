"""Which engine is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from migrate.discovery.engines.engine import Engine
from migrate.files import scratch
from migrate.spec.flows import Flows

__all__ = ["open_engine"]


@contextmanager
def open_engine(asked: Flows) -> Iterator[Engine]:
    """Open the engine of the request, and close it whatever happens; nothing is left on the disk.

    Raises
    ------
    MigrateError
        The engine is not installed, or cannot be reached.
    RequestError
        There is no such engine.
    """
    with scratch() as folder:
        engine = _engine(asked, str(folder))
        try:
            yield engine
        finally:
            engine.close()


def _engine(asked: Flows, scratch: str) -> Engine:
    if asked.engine == "duckdb":
        from migrate.discovery.engines.duckdb import DuckDB  # noqa: PLC0415

        return DuckDB(asked.memory_gib, scratch)
    if asked.engine == "spark":
        from migrate.discovery.engines.spark import Spark  # noqa: PLC0415

        return Spark(asked.memory_gib, scratch)
    from migrate.discovery.engines.connect import Connected  # noqa: PLC0415

    return Connected(asked.engine)

"""Where flow records are aggregated: DuckDB here, Spark, or any engine that ibis connects to."""

from migrate.discovery.engines.engine import Engine
from migrate.discovery.engines.opening import open_engine

__all__ = ["Engine", "open_engine"]

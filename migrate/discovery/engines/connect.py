"""Any engine that ibis connects to by URL: the query goes where the flow logs are, and only the aggregate comes home."""

from __future__ import annotations

import os
import re

import ibis
import ibis.expr.types as ir
import polars as pl
from ibis.backends.sql import SQLBackend

from migrate.discovery.engines.alike import Alike
from migrate.discovery.engines.named import named_table
from migrate.errors import InputError, MigrateError, RequestError
from migrate.spec.secrets import without_secrets

__all__ = ["Connected"]

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_KNOWN_BUT_UNFIT = "only engines that ibis speaks SQL to can aggregate flow logs"


class Connected:
    """An `Engine`.

    Parameters
    ----------
    url
        As `ibis.connect` takes it. ``${NAME}`` stands for an environment variable, so that no secret need be written down.

    Raises
    ------
    RequestError
        The URL is of no engine, or a variable is not set.
    MigrateError
        The driver is not installed, or the engine cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = _filled(url)
        self.name = without_secrets(url)
        scheme, mark, _ = url.partition("://")
        if not mark:
            raise RequestError(
                f"there is no engine {url!r}", where="flows.engine", remedy="Write duckdb, spark or the URL of an ibis backend."
            )
        try:
            backend = ibis.connect(self._url)
        except ImportError as error:
            raise MigrateError(
                f"the driver of {scheme} is not installed: {error.name or 'a package'} is missing",
                where="flows.engine",
                remedy=f"Run pip install 'ibis-framework[{_extra(scheme)}]'.",
            ) from None
        except Exception as error:  # noqa: BLE001 -- every driver has errors of its own; their text may hold the URL
            if "Don't know how to connect" in str(error):
                raise RequestError(
                    f"ibis has no backend {scheme!r}", where="flows.engine", remedy="See docs/engines.md for those that it has."
                ) from None
            raise self._told("cannot be reached", error) from None
        if not isinstance(backend, SQLBackend):
            raise RequestError(
                f"{scheme} is no engine for this: {_KNOWN_BUT_UNFIT}", where="flows.engine", remedy="Name another."
            )
        self.backend = backend

    def table(self, files: Alike) -> ir.Table:
        """See `Engine.table`: it reads no files."""
        raise InputError(
            f"flow files are read by duckdb or spark only, not by {self.name}",
            where=files.shown(),
            remedy="Leave the files out, or load them into a table of the engine and name it in flows.table.",
        )

    def named(self, name: str) -> ir.Table:
        """See `Engine.named`."""
        try:
            return named_table(self.backend, name, self.name)
        except MigrateError:
            raise
        except Exception as error:  # noqa: BLE001 -- as above
            raise self._told(f"does not show the table {name}", error) from None

    def run(self, expression: ir.Table) -> pl.DataFrame:
        """See `Engine.run`."""
        try:
            answer = pl.from_arrow(self.backend.to_pyarrow(expression))
        except Exception as error:  # noqa: BLE001 -- as above
            raise self._told("did not answer", error) from None
        assert isinstance(answer, pl.DataFrame)
        return answer

    def keep(self, expression: ir.Table) -> ir.Table:
        """See `Engine.keep`: nothing is written there."""
        return expression

    def unreadable(self) -> dict[str, int]:
        """See `Engine.unreadable`: a table has no lines."""
        return {}

    def close(self) -> None:
        """Close the connection."""
        self.backend.disconnect()

    def _told(self, what: str, error: Exception) -> MigrateError:
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        return MigrateError(
            f"{self.name} {what}: {without_secrets(self._url, reason)[:300]}",
            where="flows.engine",
            remedy="Check the URL, the network and the rights of its user; see docs/engines.md.",
        )


def _filled(url: str) -> str:
    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise RequestError(f"the environment has no {match[1]}", where="flows.engine", remedy="Set it, or write the value.")
        return found

    return _VARIABLE.sub(value, url)


def _extra(scheme: str) -> str:
    """The extra of ibis that brings the driver: schemes are names of backends, with few exceptions."""
    return {"postgresql": "postgres", "pyspark": "pyspark", "md": "duckdb"}.get(scheme, re.sub(r"[^a-z0-9]", "", scheme.lower()))

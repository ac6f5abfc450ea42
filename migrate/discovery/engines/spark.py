"""Spark: the session that the environment gives, or a local one."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote, urlsplit

import polars as pl

from migrate.discovery.engines.alike import Alike
from migrate.discovery.engines.named import named_table
from migrate.discovery.engines.spark_files import lines_of, parquet_of, records_of_json, records_of_text, too_odd
from migrate.errors import InputError, MigrateError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.pyspark import Backend
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Spark"]

_UNSAFE = set(':*?[]{}\\,%#"') | {chr(code) for code in range(32)}  # Hadoop's paths are URIs and patterns
_HIDDEN = ("_", ".")  # Hadoop passes over files so named
_COMPRESSED = (".gz", ".bz2", ".zst", ".deflate", ".snappy", ".lz4", ".xz")  # Hadoop goes by the name
_ENDINGS = {"parquet": ".parquet", "delimited": ".csv", "json": ".json"}
_OWN = ("SPARK_REMOTE", "SPARK_CONF_DIR", "SPARK_HOME", "PYSPARK_SUBMIT_ARGS")  # somebody else says which session


class Spark:
    """An `Engine`.

    Parameters
    ----------
    memory_gib
        Of the driver, where a local session is started; other sessions bring their own.
    scratch
        An existing folder: a local session spills there, and files whose names Hadoop cannot take are linked there.

    Raises
    ------
    MigrateError
        PySpark or Java is missing, or the session cannot be reached.
    """

    name = "Spark"

    def __init__(self, memory_gib: float, scratch: str) -> None:
        try:
            import ibis  # noqa: PLC0415  (imports of seconds: only those who ask for Spark pay)
            from pyspark.sql import SparkSession  # noqa: PLC0415
        except ImportError as error:
            raise MigrateError(
                f"Spark is not installed: {error.name or error} is missing",
                where="flows.engine",
                remedy="Run pip install 'migrate[spark]'.",
            ) from None
        self._scratch, self._links = Path(scratch), 0
        self._labels: dict[str, str] = {}
        self._views: list[str] = []
        self._lost: list[DataFrame] = []
        self._cached: list[DataFrame] = []
        running = SparkSession.getActiveSession()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # PySpark's, of pandas 3: no frame of pandas is made here
                self.session = running or _session(SparkSession, memory_gib, scratch)
                self._started_here = running is None
                self.backend: Backend = ibis.pyspark.connect(self.session)
                self.backend.compiler = _compiler()
        except _errors(RuntimeError) as error:
            raise MigrateError(
                f"Spark did not start: {_sentence(error)}",
                where="flows.engine",
                remedy="Install Java 17 or 21 and set JAVA_HOME, or name a running Spark in SPARK_REMOTE.",
            ) from None

    def table(self, files: Alike) -> ir.Table:
        """See `Engine.table`."""
        uris = []
        for file in files.files:
            path = self._readable(file.path.absolute(), _ENDINGS[files.layout.container], gzipped=files.gzipped)
            self._labels[str(path)] = file.label
            uris.append(f"file://{path}")
        try:
            return self._view(self._frame(files, uris))
        except _errors() as error:
            raise self._told(error) from None

    def _frame(self, files: Alike, uris: list[str]) -> DataFrame:
        if files.layout.container == "parquet":
            return parquet_of(self.session, files, uris)
        lines = lines_of(self.session, files, uris)
        if files.layout.container == "json":
            return records_of_json(files, lines)
        self._lost.append(too_odd(lines))
        return records_of_text(files, lines)

    def _readable(self, path: Path, ending: str, *, gzipped: bool) -> Path:
        """The file, or a link to it where Hadoop would misread its name."""
        suffix = path.suffix.lower()
        ending_fits = suffix == ".gz" if gzipped else suffix not in _COMPRESSED
        if ending_fits and not _UNSAFE & set(str(path)) and not path.name.startswith(_HIDDEN):
            return path
        self._links += 1
        link = self._scratch / f"flows-{self._links}{ending}{'.gz' if gzipped else ''}"
        link.symlink_to(path)
        return link

    def named(self, name: str) -> ir.Table:
        """See `Engine.named`."""
        try:
            return named_table(self.backend, name, self.name)
        except _errors() as error:
            raise self._told(error) from None

    def run(self, expression: ir.Table) -> pl.DataFrame:
        """See `Engine.run`. As Arrow: ibis's own way home goes through pandas."""
        try:
            self.backend._run_pre_execute_hooks(expression)  # registers in-memory tables, as ibis's own `execute` does
            answer = pl.from_arrow(self.session.sql(self.backend.compile(expression)).toArrow())
        except _errors() as error:
            raise self._told(error) from None
        assert isinstance(answer, pl.DataFrame)
        return answer

    def keep(self, expression: ir.Table) -> ir.Table:
        """See `Engine.keep`: cached in memory, then on the disks of the workers."""
        try:
            self.backend._run_pre_execute_hooks(expression)
            frame = self.session.sql(self.backend.compile(expression)).persist()
            self._cached.append(frame)
            return self._view(frame).cast(expression.schema())
        except _errors() as error:
            raise self._told(error) from None

    def _view(self, frame: DataFrame) -> ir.Table:
        name = f"migrate_flows_{id(self)}_{len(self._views)}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return self.backend.table(name)

    def unreadable(self) -> dict[str, int]:
        """See `Engine.unreadable`. Counted now, by a scan of its own."""
        found: Counter[str] = Counter()
        try:
            for lost in self._lost:
                for row in lost.collect():
                    path = unquote(urlsplit(row["file_path"]).path)
                    found[self._labels.get(path, path)] += row["count"]
        except _errors() as error:
            raise self._told(error) from None
        return dict(sorted(found.items()))

    def close(self) -> None:
        """Forget the views, and stop the session if it was started here."""
        if self._started_here:
            self.session.stop()
            return
        for frame in self._cached:
            frame.unpersist()
        for name in self._views:
            self.session.catalog.dropTempView(name)

    def _told(self, error: Exception) -> MigrateError:
        where = ", ".join(sorted(set(self._labels.values()))[:3]) or "flows.engine"
        reason, text = _sentence(error), str(error)
        if "OutOfMemoryError" in text or "No space left" in text:
            remedy = "Raise flows.memory_gib, or free disk space."
            return MigrateError(f"Spark ran out of memory or disk: {reason}", where=where, remedy=remedy)
        if any(sign in text for sign in ("FAILED_READ_FILE", "CANNOT_READ", "PATH_NOT_FOUND")):
            remedy = "Write the files again, or leave them out."
            return InputError(f"cannot be read as flow logs: {reason}", where=where, remedy=remedy)
        return MigrateError(f"Spark failed: {reason}", where=where, remedy="Look at Spark's log, or aggregate with DuckDB.")


def _session(sessions: type[SparkSession], memory_gib: float, scratch: str) -> SparkSession:
    builder = sessions.builder.appName("migrate")
    if not any(name in os.environ for name in _OWN):
        settings = {
            "spark.master": "local[*]",
            "spark.driver.memory": f"{max(int(memory_gib * 1024), 512)}m",
            "spark.local.dir": scratch,
            "spark.sql.warehouse.dir": f"{scratch}/warehouse",
            "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
            "spark.log.level": "ERROR",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _compiler() -> PySparkCompiler:
    """ibis's compiler, and the one aggregate that it does not know Spark to have."""
    import ibis.expr.operations as ops  # noqa: PLC0415
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler  # noqa: PLC0415

    class WithBitOr(PySparkCompiler):  # type: ignore[misc, unused-ignore]
        __slots__ = ()
        SIMPLE_OPS: ClassVar = {**PySparkCompiler.SIMPLE_OPS, ops.BitOr: "bit_or"}

    return WithBitOr()


def _errors(*more: type[Exception]) -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    return (PySparkException, Py4JError, OSError, *more)


def _sentence(error: Exception) -> str:
    """The one that says something, among the stack traces of Java."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith((": ", "["))), lines[0] if lines else type(error).__name__)
    return told.removeprefix(": ")[:300]

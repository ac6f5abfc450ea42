"""DuckDB: embedded, out of core, where the files lie."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from migrate.discovery.engines.alike import Alike
from migrate.discovery.engines.named import named_table
from migrate.discovery.engines.quoting import with_closed_quotes
from migrate.errors import InputError, MigrateError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

__all__ = ["DuckDB"]

#: Share of the memory asked for that DuckDB's own account may reach. Reading buffers, hash tables under construction and
#: the result lie beside it: with 4 GiB a run of 50 million records peaked at 3.5 GB.
_ACCOUNTED = 0.75
_LONGEST_LINE = 2_000_000  # bytes; DuckDB's own default, said aloud
_COUNTED_REJECTS = 100_000  # a file: more are not counted, so that a file of junk does not fill the memory
_MEBI_A_GIB = 1024


class DuckDB:
    """An `Engine`.

    Parameters
    ----------
    memory_gib
        Of the whole process, roughly.
    spill
        An existing folder for what does not fit.
    """

    name = "DuckDB"

    def __init__(self, memory_gib: float, spill: str) -> None:
        import ibis  # noqa: PLC0415  (1.5 s to import: only those who have flows pay for it)

        self.backend: Backend = ibis.duckdb.connect(
            memory_limit=f"{int(memory_gib * _ACCOUNTED * _MEBI_A_GIB)}MiB",
            temp_directory=spill,
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,  # nothing is fetched from the network
            autoload_known_extensions=False,
        )
        self.backend.con.execute("SET enable_progress_bar = false")  # it would be drawn on stdout, where results go
        # It makes a join of a list of six numbers, and texts behind a join are no longer looked at once per distinct text.
        self.backend.con.execute("SET disabled_optimizers = 'in_clause'")
        self._labels: dict[str, str] = {}
        self._kept = 0
        self._spill, self._unclosed = Path(spill), Counter[str]()

    def table(self, files: Alike) -> ir.Table:
        """See `Engine.table`."""
        self._labels |= {str(file.path.absolute()): file.label for file in files.files}
        found = self._closed(files) if files.layout.container == "delimited" and files.layout.quote else files.paths()
        paths = [glob.escape(str(path)) for path in found]  # DuckDB sees patterns in every path
        if files.layout.container == "parquet":
            return self.backend.read_parquet(paths, hive_partitioning=False, binary_as_string=True)
        compression = "gzip" if files.gzipped else "none"
        return (
            self._json(files, paths, compression) if files.layout.container == "json" else self._text(files, paths, compression)
        )

    def _closed(self, files: Alike) -> list[Path]:
        """The files without lines whose quotes stay open; where a copy is read, errors name the file."""
        found: list[Path] = []
        for file in files.files:
            copy = self._spill / f"closed-{len(self._labels)}-{len(found)}"
            path, lost = with_closed_quotes(file, copy, gzipped=files.gzipped)
            self._labels[str(path)] = file.label
            self._unclosed[file.label] += lost
            found.append(path)
        return found

    def _text(self, files: Alike, paths: list[str], compression: str) -> ir.Table:
        layout = files.layout
        names = list(dict.fromkeys(layout.columns))
        # Columns go by number: names come from files. One more than there are shows which lines are too long.
        columns = {f"c{number}": "VARCHAR" for number in range(len(layout.columns) + 1)}
        raw = self.backend.read_csv(
            paths,
            columns=columns,
            delim=layout.delimiter,
            quote=layout.quote,
            escape=layout.quote,
            comment="",  # DuckDB's would cut lines in their middle
            skip=layout.skip_lines,
            header=False,
            compression=compression,
            hive_partitioning=False,
            null_padding=True,
            strict_mode=False,  # strict, a NUL byte ends the run
            ignore_errors=True,
            store_rejects=True,
            rejects_limit=_COUNTED_REJECTS,
            max_line_size=_LONGEST_LINE,
        )
        beyond = raw[f"c{len(layout.columns)}"]
        if layout.comment:
            raw = raw.filter(~raw.c0.startswith(layout.comment).fill_null(False))
        return raw.select(**{name: beyond.isnull().ifelse(raw[f"c{layout.columns.index(name)}"], None) for name in names})

    def _json(self, files: Alike, paths: list[str], compression: str) -> ir.Table:
        return self.backend.read_json(
            paths,
            columns=dict.fromkeys(files.layout.columns, "VARCHAR"),
            format="newline_delimited",
            ignore_errors=True,
            compression=compression,
            hive_partitioning=False,
            maximum_object_size=_LONGEST_LINE,
        )

    def named(self, name: str) -> ir.Table:
        """See `Engine.named`."""
        return named_table(self.backend, name, self.name)

    def run(self, expression: ir.Table) -> pl.DataFrame:
        """See `Engine.run`. By DuckDB's own way home: ibis's imports pandas for a second."""
        with self._executing(expression) as query:
            answer = pl.from_arrow(self.backend.con.sql(query).to_arrow_table())
        assert isinstance(answer, pl.DataFrame)
        return answer

    def keep(self, expression: ir.Table) -> ir.Table:
        """See `Engine.keep`: a temporary table."""
        name = f"migrate_kept_{self._kept}"
        self._kept += 1
        with self._executing(expression) as query:
            self.backend.con.execute(f'CREATE TEMP TABLE "{name}" AS {query}')
        return self.backend.table(name, database=("temp", "main")).cast(expression.schema())

    @contextmanager
    def _executing(self, expression: ir.Table) -> Iterator[str]:
        """The SQL of an expression; errors within are told as ours."""
        import duckdb  # noqa: PLC0415

        self.backend._run_pre_execute_hooks(expression)  # registers in-memory tables, as ibis's own `execute` does
        try:
            yield self.backend.compile(expression)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except (duckdb.Error, OSError) as error:
            raise _told(error, ", ".join(sorted(set(self._labels.values()))[:3])) from None

    def unreadable(self) -> dict[str, int]:
        """See `Engine.unreadable`. A query may read a file more than once: a line is where it begins."""
        told = +self._unclosed
        if not self.backend.con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone():
            return dict(sorted(told.items()))
        counted = self.backend.con.execute(
            "SELECT file_path, count(DISTINCT line_byte_position) FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
            "GROUP BY file_path"
        ).fetchall()
        for path, lines in counted:
            told[self._labels.get(path, path)] += lines
        return dict(sorted(told.items()))

    def interrupt(self) -> None:
        """End the query that another thread has under way; that thread sees a `KeyboardInterrupt`."""
        self.backend.con.interrupt()

    def close(self) -> None:
        """Give memory and files back."""
        self.backend.disconnect()


def _told(error: Exception, where: str) -> MigrateError:
    """What DuckDB says, as something that a user can act on."""
    import duckdb  # noqa: PLC0415

    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, duckdb.OutOfMemoryException):
        return MigrateError(
            f"the flow logs do not fit: {reason}",
            where=where,
            remedy="Raise flows.memory_gib, or free disk space for what is spilled.",
        )
    if isinstance(error, (duckdb.NotImplementedException, duckdb.BinderException, duckdb.CatalogException)):
        return MigrateError(
            f"DuckDB does not understand the query: {reason}", where=where, remedy="Update duckdb and ibis-framework."
        )
    if "No space left" in reason:
        return MigrateError(f"the disk is full: {reason}", where=where, remedy="Set TMPDIR to a larger disk.")
    return InputError(f"cannot be read as flow logs: {reason}", where=where, remedy="Write the files again, or leave them out.")

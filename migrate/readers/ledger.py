"""What is told about the rows while they are read: findings, and how many rows were read and set aside, by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from migrate.findings import Finding, Severity

__all__ = ["Ledger"]


@dataclass
class Ledger:
    """The account of one run of the readers: every row that is read ends in the estate or in a finding here.

    Attributes
    ----------
    findings
        In the order in which they were made.
    read
        Rows read, by the file's label.
    uncounted
        Labels of the files whose rows are counted later, with what is read of them.
    aside
        Rows that are not in the estate, by the file's label; each is in a finding.
    """

    findings: list[Finding] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    uncounted: set[str] = field(default_factory=set)
    aside: Counter[str] = field(default_factory=Counter)

    def tell(self, code: str, severity: Severity, subject: str, source: str, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.append(
            Finding(code=code, severity=severity, subject=subject, source=source, message=message, remedy=remedy)
        )

    def add(self, findings: Iterable[Finding]) -> None:
        """Take over findings of rows that were left out, such as those of `build_estate`."""
        for finding in findings:
            self.findings.append(finding)
            self.aside[_file(finding.source)] += 1

    def left_out(self, frame: pl.DataFrame) -> None:
        """Count rows of `frame`, which has a column ``source``, as left out: another finding stands for them."""
        self.aside.update(_file(source) for source in frame["source"])

    def rows(
        self,
        frame: pl.DataFrame,
        code: str,
        severity: Severity,
        *,
        subject: pl.Expr | str,
        message: pl.Expr | str,
        remedy: str,
        aside: bool = True,
    ) -> None:
        """One finding per row of `frame`, which has a column ``source``.

        Parameters
        ----------
        subject, message
            An expression, or a text that is the same for every row.
        aside
            The rows are left out of the estate, and count as such.
        """
        if frame.is_empty():
            return
        said = frame.select(
            _text(subject).fill_null("(no name)").alias("subject"),
            pl.col("source").alias("source"),
            _text(message).alias("message"),
        )
        for who, source, what in said.iter_rows():
            self.tell(code, severity, who, source, what, remedy)
        if aside:
            self.left_out(said)


def _text(value: pl.Expr | str) -> pl.Expr:
    return pl.lit(value) if isinstance(value, str) else value.cast(pl.String)


def _file(source: str) -> str:
    """The label of the file that the (first) source of a row cites."""
    first = source.split("; ", maxsplit=1)[0]
    return first.split("!")[0] if "!" in first else first.rpartition(":")[0]

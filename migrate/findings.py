"""Findings: what a run has to say about its data and its plan, as values that travel to the end.

A finding never stops a run. A quarantined row, a doubt, an assumption and a risk that nobody asked about are all
findings; `migrate.errors` is for what cannot go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

__all__ = ["Finding", "Severity", "ordered"]


class Severity(StrEnum):
    """How much a finding matters: an error leaves a gap in the plan, a warning a doubt, an info is worth knowing."""

    error = "error"
    warning = "warning"
    info = "info"


_RANK = {Severity.error: 0, Severity.warning: 1, Severity.info: 2}


class Finding(BaseModel):
    """One thing worth telling.

    Attributes
    ----------
    code
        Stable kebab-case id, such as ``template-excluded``.
    severity
        See `Severity`.
    subject
        The name of what it is about: a server, application, wave, site or file.
    source
        Where it was read, as `migrate.model.provenance.cite` writes it; empty when derived.
    message
        What was found, as a sentence.
    remedy
        What to do about it, as an imperative sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    subject: str
    source: str = ""
    message: str
    remedy: str = ""


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by severity, code, subject, source and message, without exact repeats."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (_RANK[f.severity], f.code, f.subject, f.source, f.message)))

"""What became of every row of the flow logs, so that none is lost silently."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.discovery.flows import Conversations
from migrate.discovery.window import LONGEST
from migrate.findings import Finding, Severity
from migrate.readers.flow_formats.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED

__all__ = ["rows_told", "why_silent"]

_KINDS = {ACCEPTED: "accepted", REJECTED: "rejected", SKIPPED: "without data", MALFORMED: "malformed"}


def rows_told(heard: Conversations) -> list[Finding]:
    """One finding that adds up the rows, one per file with lines that could not be read, and one when there are no times."""
    counted = sum(heard.records.values())
    parts = [f"{heard.records[kind]:,} {name}" for kind, name in _KINDS.items() if heard.records.get(kind)]
    if heard.rows > counted:
        parts.append(f"{heard.rows - counted:,} of flows that another observation point recorded too")
    days = "1 day" if heard.observed_days == 1 else f"{heard.observed_days:,} days"
    findings = [
        Finding(
            code="flow-records-read",
            severity=Severity.info,
            subject="flow logs",
            message=f"{heard.rows:,} flow records ({', '.join(heard.formats)}) of {days} were read: {', '.join(parts) or 'none'}",
        )
    ]
    findings += [
        Finding(
            code="flow-lines-unreadable",
            severity=Severity.warning,
            subject=file,
            source=file,
            message=f"{lines:,} lines could not be split into the fields of a flow record and were left out",
            remedy="Look for text that is not UTF-8, quotes that are not closed, and a last line that was cut off.",
        )
        for file, lines in sorted(heard.unreadable.items())
        if lines
    ]
    if heard.start is None and counted:
        findings.append(
            Finding(
                code="flow-records-without-times",
                severity=Severity.warning,
                subject="flow logs",
                message="No flow record has a time, so all of them count as of one day: how regular a dependency is, and "
                "whether it keeps business hours, is not known",
                remedy="Export the flow logs with their start and end times.",
            )
        )
    elif heard.untimed or heard.strayed:
        findings.append(_partly_timed(heard))
    return findings


def why_silent(findings: Iterable[Finding]) -> str:
    """What findings say of flow logs that told of no server, in brackets; empty where nothing was read."""
    codes = ("flow-records-read", "flow-lines-unreadable")
    told = [finding.message for finding in findings if finding.code in codes]
    return f" ({'; '.join(told[:3])})" if told else ""


def _partly_timed(heard: Conversations) -> Finding:
    parts = [(heard.untimed, "have no time that is understood"), (heard.strayed, f"lie outside the {LONGEST:,} days with most")]
    told = " and ".join(f"{count:,} {what}" for count, what in parts if count)
    return Finding(
        code="flow-records-of-unknown-day",
        severity=Severity.warning,
        subject="flow logs",
        message=f"Of the flow records, {told}: they count in sums, but on no day",
        remedy="Write times as 2026-10-05T10:00:00Z or as seconds since 1970, and look at the exporters' clocks.",
    )

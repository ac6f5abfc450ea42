"""Faults that can be injected, to see that a failure is noticed and that the way back works.

A fault is a really bad request or a really wrong state on the mocked cloud; nothing is told to fail. What notices it
is the code that notices real faults.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum

from migrate.errors import RequestError
from migrate.rehearsal.scope import Scope

__all__ = ["Fault", "FaultKind", "parse_fault"]


class FaultKind(StrEnum):
    """Kinds of faults, written ``kind:subject``."""

    launch = "launch"  # server: its image is gone when it is launched
    volume = "volume"  # server: its volumes are not encrypted
    stop = "stop"  # server: it stops right after its launch
    database = "database"  # server: its engine is not one that RDS has
    security = "security"  # application: its security group is opened to the world
    dns = "dns"  # application: its record does not belong to the zone


_OF_SERVERS = {FaultKind.launch, FaultKind.volume, FaultKind.stop}


@dataclass(frozen=True)
class Fault:
    """A fault: what happens, and to which server or application."""

    kind: FaultKind
    subject: str

    def hits(self, kind: FaultKind, subject: str) -> bool:
        """Whether this is the fault for that kind and subject."""
        return self.kind == kind and self.subject == subject


def parse_fault(text: str | None, scope: Scope) -> Fault | None:
    """Read a fault such as ``launch:nth-web-01`` or ``dns:Claims Clearinghouse``.

    Raises
    ------
    RequestError
        The kind is unknown, or nothing of that name is rehearsed in the wave.
    """
    if text is None:
        return None
    word, _, subject = text.partition(":")
    kinds = [kind.value for kind in FaultKind]
    if word not in kinds or not subject:
        raise RequestError(
            f"cannot understand the fault {text!r}", remedy=f"Write KIND:NAME, with one of these kinds: {', '.join(kinds)}."
        )
    kind = FaultKind(word)
    possible = sorted(_subjects(kind, scope))
    if subject not in possible:
        near = difflib.get_close_matches(subject, possible, n=3, cutoff=0.4) or possible[:3]
        remedy = f"There is for example: {', '.join(near)}." if near else "The wave has none: choose another kind or wave."
        raise RequestError(f"wave {scope.wave} rehearses nothing named {subject!r} for a fault of kind {word}", remedy=remedy)
    return Fault(kind, subject)


def _subjects(kind: FaultKind, scope: Scope) -> set[str]:
    if kind in _OF_SERVERS:
        return {server.name for servers in scope.instances.values() for server in servers}
    if kind is FaultKind.database:
        return {server.name for servers in scope.databases.values() for server in servers}
    return {turn.application for turn in scope.turns}

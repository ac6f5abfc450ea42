"""Would it work? A wave carried out on mocked AWS, checked against the plan, taken back, and written into a journal."""

from migrate.rehearsal.faults import FaultKind
from migrate.rehearsal.guard import MockedSession, mocked_session
from migrate.rehearsal.rehearse import rehearse, rehearse_all
from migrate.rehearsal.report import Check, RehearsalReport, RehearsedStep, Unrehearsed

__all__ = [
    "Check",
    "FaultKind",
    "MockedSession",
    "RehearsalReport",
    "RehearsedStep",
    "Unrehearsed",
    "mocked_session",
    "rehearse",
    "rehearse_all",
]

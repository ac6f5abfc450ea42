"""Carrying out a step: do it, write it down, and turn what AWS or its mock says into a failure with a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from migrate.rehearsal.guard import MockedSession
from migrate.rehearsal.journal import Journal
from migrate.rehearsal.report import Check, RehearsedStep

__all__ = ["Cloud", "Progress", "StepFailedError", "StepLog"]

#: Called with a text and the share done, 0 to 1.
Progress = Callable[[str, float], None]

# What moto raises where AWS would answer with an error: a full subnet, an operation or a value that it does not know.
_MOCK_CRASHES = (StopIteration, NotImplementedError, KeyError)
_IDS = re.compile(
    r"\b(?:ami|i|vpc|subnet|sg|sgr|vol|eni|rtb|igw|r)-[0-9a-f]{8,17}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\bZ[0-9A-Z]{12,}\b"
)


class StepFailedError(Exception):
    """A step was not done; the step log has the reason. Ends the way there and begins the way back."""


class Cloud:
    """Clients by service and region, made once each.

    Parameters
    ----------
    session
        A session made by `migrate.rehearsal.mocked_session`.
    """

    def __init__(self, session: MockedSession) -> None:
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region)
        return self._clients[key]


class StepLog:
    """Steps and checks of a rehearsal, as they happen.

    Parameters
    ----------
    journal
        Where steps are written.
    expected
        How many steps there will be, roughly; for progress only.
    progress
        Told after each step.
    """

    def __init__(self, journal: Journal, expected: int, progress: Progress | None) -> None:
        self.steps: list[RehearsedStep] = []
        self.failed_checks: list[Check] = []
        self.passed_checks = 0
        self.created: Counter[str] = Counter()
        self._journal = journal
        self._expected = max(expected, 1)
        self._progress = progress

    def do(self, phase: str, kind: str, subject: str, work: Callable[[], str]) -> None:
        """Carry out `work`, which returns what it did in words.

        Raises
        ------
        StepFailedError
            AWS refused, or the mock broke.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- only rehearsals pay for boto

        try:
            detail = work()
        except (BotoCoreError, ClientError) as error:
            self._write(phase, kind, subject, "failed", str(error))
            raise StepFailedError(f"{kind} {subject}: {_without_ids(str(error))}") from error
        except _MOCK_CRASHES as error:
            reason = f"the mocked service broke with {type(error).__name__} {error}".rstrip()
            self._write(phase, kind, subject, "failed", reason)
            raise StepFailedError(f"{kind} {subject}: {_without_ids(reason)}") from error
        self._write(phase, kind, subject, "done", detail)

    def compare(self, phase: str, kind: str, subject: str, checks: list[Check]) -> bool:
        """Write down the comparison of a subject with the plan, as one step; say whether all of it passed."""
        failed = [check for check in checks if not check.passed]
        self.failed_checks += failed
        self.passed_checks += len(checks) - len(failed)
        detail = "; ".join(f"{check.check}: expected {check.expected}, found {check.found}" for check in failed)
        self._write(phase, kind, subject, "failed" if failed else "done", detail or ", ".join(check.check for check in checks))
        return not failed

    def _write(self, phase: str, kind: str, subject: str, status: Literal["done", "failed"], detail: str) -> None:
        step = RehearsedStep(
            n=len(self.steps) + 1, phase=phase, kind=kind, subject=subject, status=status, detail=_without_ids(detail)
        )
        self.steps.append(step)
        self._journal.write(step)
        if self._progress is not None:
            self._progress(f"{phase}: {kind} {subject}", min(len(self.steps) / self._expected, 1.0))


def _without_ids(text: str) -> str:
    """Ids are random in every run; the journal is the same in every run."""
    return _IDS.sub("…", text)

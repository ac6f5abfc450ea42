"""What stops a run, as opposed to what a run reports (see `migrate.findings`).

::

    MigrateError            exit 1   something failed
    ├── RequestError        exit 2   plan.toml or the command line asks for something that cannot be understood
    ├── InputError          exit 2   an inventory file cannot be used at all
    ├── InfeasibleError     exit 3   no plan satisfies every rule of the request
    └── GateError           exit 3   a gate was not passed: rehearsal failed, check found violations
        └── GuardError      exit 3   a rehearsal tried to reach something real
"""

from __future__ import annotations

__all__ = ["GateError", "GuardError", "InfeasibleError", "InputError", "MigrateError", "RequestError"]


class MigrateError(Exception):
    """Root of every error that ends a run; printed as one sentence with its place and its remedy.

    Parameters
    ----------
    message
        What is wrong, as a sentence without a full stop.
    where
        The place: ``file``, ``file:line`` or ``file!sheet:row``. Empty when there is none.
    remedy
        What the user can do about it, as an imperative sentence.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        self.message = message
        self.where = where
        self.remedy = remedy
        super().__init__(message)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}. {self.remedy}" if self.remedy else text


class RequestError(MigrateError):
    """The request (plan.toml or command line) is wrong."""

    exit_code = 2


class InputError(MigrateError):
    """An inventory file is missing, unreadable or not what it claims to be."""

    exit_code = 2


class InfeasibleError(MigrateError):
    """No plan satisfies every rule of the request."""

    exit_code = 3


class GateError(MigrateError):
    """A gate was not passed."""

    exit_code = 3


class GuardError(GateError):
    """A rehearsal tried to reach something real."""

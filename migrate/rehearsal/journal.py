"""The journal of a rehearsal: one JSON object a line, written and flushed step by step.

The first line says which rehearsal it is: digest of the plan, wave, fault. A mocked cloud is gone with its process, so
resuming cannot go on with what an earlier process built. It replays: every step that stands in the journal is carried
out again, compared with its line and not written again; from the first step that is not there, lines are added.
A line that was half written when the process died is cut off first. That a replay gives the same lines is checked,
not assumed.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from migrate.errors import GateError, RequestError
from migrate.files import write_bytes
from migrate.model.plan import Plan
from migrate.rehearsal.report import RehearsedStep

__all__ = ["Journal", "journal_head"]

_FORMAT = "migrate-rehearsal-journal"


def journal_head(plan: Plan, wave: int, fault: str | None) -> bytes:
    """The first line of a journal."""
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()
    head = {"format": _FORMAT, "version": 2, "plan": plan.spec.plan.name, "sha256": digest, "wave": wave, "fault": fault}
    return json.dumps(head, ensure_ascii=False).encode() + b"\n"


class Journal:
    """A journal that is open for writing, or none.

    Parameters
    ----------
    path
        Its file; None keeps no journal. A journal of another rehearsal at this path is replaced.
    head
        First line, see `journal_head`.

    Raises
    ------
    RequestError
        The file is something else than a journal, or cannot be written.
    """

    def __init__(self, path: Path | None, head: bytes) -> None:
        self.path = path
        self.replayed = 0
        self._known: list[bytes] = []
        self._file: IO[bytes] | None = None
        if path is None:
            return
        try:
            self._known = _open_lines(path, head)
            self._file = path.open("ab")
        except OSError as error:
            raise RequestError(
                f"cannot be written: {error.strerror}", where=str(path), remedy="Name another file with --journal."
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, step: RehearsedStep) -> None:
        """Write a step, or compare it with its line when it stands there already.

        Raises
        ------
        GateError
            The journal says that this step went differently.
        """
        line = step.model_dump_json().encode() + b"\n"
        if self.replayed < len(self._known):
            if self._known[self.replayed] != line:
                raise GateError(
                    f"step {step.n} went differently from the journal",
                    where=f"{self.path}:{self.replayed + 2}",
                    remedy="The journal is of another version of this program, or was edited: remove it and run again.",
                )
            self.replayed += 1
        elif self._file is not None:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Check that the journal has no steps that this rehearsal did not come to.

        Raises
        ------
        GateError
            It has some.
        """
        if self.replayed < len(self._known):
            raise GateError(
                f"the journal has {len(self._known) - self.replayed} steps that this rehearsal did not come to",
                where=str(self.path),
                remedy="Remove the journal and run again.",
            )


def _open_lines(path: Path, head: bytes) -> list[bytes]:
    """The whole step lines of a journal of this rehearsal, after cutting off a half-written one."""
    content = path.read_bytes() if path.exists() else b""
    first = content.partition(b"\n")[0] + b"\n"
    if content and first != head and not _is_journal(first):
        raise RequestError(
            "exists and is not a journal of a rehearsal", where=str(path), remedy="Name another file with --journal."
        )
    if first != head:
        write_bytes(path, head)
        return []
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        write_bytes(path, whole)
    return whole.splitlines(keepends=True)[1:]


def _is_journal(line: bytes) -> bool:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(head, dict) and head.get("format") == _FORMAT

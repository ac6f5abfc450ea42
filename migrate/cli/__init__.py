"""The command line: parse, call, print, exit code. Verbs live in the files of this folder, logic does not.

Results go to stdout, talk to stderr. Exit codes: 0 done, 1 failed, 2 the request or an input is wrong, 3 a gate was
not passed (infeasible, rehearsal failed, check found violations), 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from migrate.cli.app import app
from migrate.cli.verbs import act, ask, discover, live, make, prices, sweep, trace
from migrate.errors import MigrateError

__all__ = ["app", "main"]

_FULL = "No space left on device"

for _verbs in (make, discover, ask, act, live, sweep, prices, trace):
    _verbs.register(app)


_stopped: list[int] = []  # the signal that ended the run; libraries tell it as an error of theirs


def main() -> None:
    """Run the command line; the console script ``migrate``."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        app()
    except MigrateError as error:
        print(f"migrate: {error}", file=sys.stderr)  # noqa: T201 -- the one place where errors are told
        sys.exit(error.exit_code)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"migrate: {place}{error.strerror or error}. Check the path, its permissions and the disk.", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if _stopped:
            sys.exit(128 + _stopped[0])
        if _FULL in str(error):  # Polars and DuckDB tell it as errors of their own
            print("migrate: the disk is full. Make room, or name another folder (TMPDIR for what is spilled).", file=sys.stderr)  # noqa: T201
            sys.exit(1)
        if os.environ.get("MIGRATE_TRACEBACK"):
            raise
        kind = type(error).__name__
        remedy = "Set MIGRATE_TRACEBACK=1 and report what it prints"
        text = f"migrate: this should not have happened ({kind}: {str(error)[:200]}). {remedy}."
        print(text, file=sys.stderr)  # noqa: T201
        sys.exit(1)


def _terminated(number: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that temporary files are removed."""
    _stopped.append(number)
    sys.exit(128 + number)

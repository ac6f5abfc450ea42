"""Where the program begins: Ctrl-C ends it quietly from here on, also while the rest is still being imported."""

from __future__ import annotations

import os
import signal
from types import FrameType

__all__ = ["main"]


def main() -> None:
    """Run the command line; the console script ``migrate`` and ``python -m migrate``."""
    started = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell lets what runs behind it ignore Ctrl-C
    if started:
        signal.signal(signal.SIGINT, _interrupted)
    from migrate.cli import main as run  # noqa: PLC0415 -- takes a moment, in which Ctrl-C may come

    if started:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    """End at once: nothing has been begun that needs tidying up, and an exception might be told by what is being imported."""
    os._exit(130)

"""Where the program begins."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Ctrl-C while the command line is being imported.
EARLY = """
import signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)
{before}
sys.meta_path.insert(0, Finder())
sys.argv = ["migrate", "--version"]
from migrate.entry import main
main()
"""


@pytest.mark.parametrize(("before", "code"), [("", 130), ("signal.signal(signal.SIGINT, signal.SIG_IGN)", 0)])
def test_an_interrupt_during_the_imports_ends_quietly_unless_it_is_ignored(before: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", EARLY.format(before=before)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")

"""The one door to graphviz: DOT text in, SVG out.

The layout program is the pure-Rust port that comes with the package ``graphviz-pure``, because it writes the same
bytes on every machine; a system ``dot`` is used only where the port has no wheel, and its layouts may differ.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from functools import lru_cache
from pathlib import Path

from migrate.errors import MigrateError

__all__ = ["dot_label", "plain_text", "render_svg"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_LAYOUT_TIMEOUT_S = 120


def render_svg(source: str) -> bytes:
    """Lay out DOT text and return the SVG document.

    Raises
    ------
    MigrateError
        There is no layout program, or it refused the text or took longer than two minutes.
    """
    command = [str(_program()), "-Kdot", "-Tsvg"]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, check=True, timeout=_LAYOUT_TIMEOUT_S)  # noqa: S603
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise MigrateError(f"a diagram could not be laid out: {said[0]}", where=command[0]) from None
    except subprocess.TimeoutExpired:
        raise MigrateError(f"a diagram took longer than {_LAYOUT_TIMEOUT_S} s to lay out", where=command[0]) from None
    return done.stdout


def dot_label(text: str, width: int = 32) -> str:
    """Make inventory text safe as a DOT label: control characters out, escapes neutral, long names cut in the middle."""
    # graphviz reads character references such as &amp; in labels: an ampersand of the inventory is none
    return plain_text(text, width).replace("\\", "\\\\").replace("&", "&amp;")


def plain_text(text: str, width: int = 32) -> str:
    """Inventory text on one line: control characters out, long names cut in the middle; nothing is escaped."""
    flat = _CONTROL.sub(" ", text).strip() or "(no name)"
    return f"{flat[: width - width // 3 - 1]}…{flat[-(width // 3) :]}" if len(flat) > width else flat


@lru_cache(maxsize=1)
def _program() -> Path:
    beside = Path(sysconfig.get_path("scripts"))
    for folder in (str(beside), None):
        for name in ("graphviz-pure", "dot"):
            found = shutil.which(name, path=folder)
            if found:
                return Path(found)
    raise MigrateError(
        "there is no graphviz program to lay out diagrams", remedy="Install the Python package graphviz-pure, or graphviz itself."
    )

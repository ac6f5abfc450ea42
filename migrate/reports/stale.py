"""What an earlier run left behind: files of waves that no longer exist, and nothing that is not ours."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

__all__ = ["remove_stale"]

_OURS = {"runbooks": re.compile(r"wave-\d{2,3}\.md"), "diagrams": re.compile(r"wave-\d{1,3}\.svg")}


def remove_stale(out: Path, written: Collection[Path]) -> tuple[Path, ...]:
    """Remove runbooks and wave diagrams in `out` that carry our names and are not among `written`.

    Returns
    -------
    tuple of Path
        What was removed, sorted.
    """
    keep = set(written)
    removed = []
    for folder, pattern in _OURS.items():
        if not (out / folder).is_dir():
            continue
        for path in sorted((out / folder).iterdir()):
            if pattern.fullmatch(path.name) and path not in keep and path.is_file() and not path.is_symlink():
                path.unlink()
                removed.append(path)
    return tuple(removed)

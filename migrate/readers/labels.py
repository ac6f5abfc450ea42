"""How findings name files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

__all__ = ["labels_of"]


def labels_of(files: Sequence[Path]) -> list[str]:
    """Each file's name, with as many of its folders as it takes to tell it from the others.

    Characters that mean something in a citation (``!`` and ``;``) or cannot be shown become ``_``.
    """
    parts = [PurePosixPath(path.absolute().as_posix()).parts for path in files]
    length = [1] * len(files)
    while True:
        shown = [
            re.sub(r"[\x00-\x1f\x7f!;\ud800-\udfff]", "_", "/".join(part[-size:]))
            for part, size in zip(parts, length, strict=True)
        ]
        counts = Counter(shown)
        clash = [index for index, name in enumerate(shown) if counts[name] > 1 and length[index] < len(parts[index])]
        if not clash:
            return shown
        for index in clash:
            length[index] += 1

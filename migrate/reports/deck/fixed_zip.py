"""The same parts, the same bytes: an archive whose entries carry no time."""

from __future__ import annotations

import io
import zipfile

__all__ = ["fixed_zip"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP archive can hold


def fixed_zip(archive: bytes) -> bytes:
    """Write an archive again with every entry dated 1 January 1980."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            write.writestr(entry, read.read(name))
    return packed.getvalue()

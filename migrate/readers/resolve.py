"""From what plan.toml or the command line names to files."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from migrate.errors import InputError

__all__ = ["resolve_files"]

_FLOW_LOGS = (".parquet", ".log", ".gz", ".jsonl", ".ndjson", ".binetflow")
_TABLES = (".csv", ".tsv", ".txt", ".json")  # in a folder that may be anything, but in a partition they are its rows
_MOST = 100_000  # files; a pattern that finds more is a mistake, such as one that begins at the root


def resolve_files(patterns: Sequence[str], base: Path, where: str) -> tuple[Path, ...]:
    """Find files.

    Parameters
    ----------
    patterns
        Paths, or patterns with ``*``, ``?``, ``[…]`` and ``**``, relative to `base`. A folder stands for the files in it
        and the flow logs in its subfolders: Parquet files, logs, compressed files and lines of JSON; where a subfolder is a
        partition (``year=2026``), CSV, text and JSON files too. Files and folders whose name begins with a dot are passed over.
    base
        The folder of plan.toml.
    where
        What names the patterns, for errors.

    Returns
    -------
    Sorted, each once.

    Raises
    ------
    InputError
        A pattern finds nothing, cannot be a path, or names a folder that cannot be listed.
    """
    found: dict[str, Path] = {}
    for pattern in patterns:
        hits = _hits(pattern, base, where)
        try:
            files = [file for hit in hits for file in (_in_folder(hit) if hit.is_dir() else [hit])]
        except OSError as error:
            what = f"cannot be read: {error.strerror}"
            raise InputError(what, where=str(error.filename or pattern), remedy="Check its permissions.") from None
        if not files:
            what = "is a folder without files" if hits else "finds nothing"
            raise InputError(f"`{pattern}` {what}", where=where, remedy=f"Check the path; it is relative to {base.absolute()}.")
        if len(files) > _MOST:
            raise InputError(f"`{pattern}` finds over {_MOST:,} files", where=where, remedy="Name the files' folder.")
        for file in files:
            found.setdefault(os.path.normpath(file.absolute()), file)
    return tuple(found[key] for key in sorted(found))


def _hits(pattern: str, base: Path, where: str) -> list[Path]:
    """What a pattern finds. A file of that very name is found even if its name has wildcards in it."""
    if not pattern.strip() or "\0" in pattern:
        raise InputError(f"`{pattern!r}` is no path", where=where, remedy="Name a file, a folder or a pattern.")
    plain = base / Path(pattern).expanduser()
    try:
        if os.path.lexists(plain):
            return [plain]
        if not glob.has_magic(pattern):
            return []
        # only the pattern may have wildcards in it, not the folder that it is relative to
        anchored = pattern if Path(pattern).is_absolute() else os.path.join(glob.escape(str(base)), pattern)  # noqa: PTH118
        hits = [Path(hit) for hit in glob.iglob(anchored, recursive=True)]  # noqa: PTH207 -- Path.glob refuses absolute patterns
    except (OSError, ValueError):
        raise InputError(f"`{pattern}` is no path", where=where, remedy="Name a file, a folder or a pattern.") from None
    if any(hit.is_file() for hit in hits):  # `**` finds folders on its way: their files are asked for by name or not at all
        hits = [hit for hit in hits if not hit.is_dir()]
    return sorted(hits)


def _in_folder(folder: Path) -> list[Path]:
    """The regular files in a folder, and the flow logs below it. Links are not followed."""
    direct = [path for path in folder.iterdir() if _is_plain(path)]
    below = [
        Path(root) / name
        for root, folders, names in os.walk(folder, onerror=_refuse)
        if _visible(folders)
        for name in names
        if name.lower().endswith(_FLOW_LOGS) or ("=" in Path(root).name and name.lower().endswith(_TABLES))
    ]
    return sorted({*direct, *(path for path in below if _is_plain(path))})


def _refuse(error: OSError) -> None:
    """A folder that cannot be listed may hold flow logs: do not pass it over."""
    raise error


def _is_plain(path: Path) -> bool:
    return not path.name.startswith(".") and not path.is_symlink() and path.is_file()


def _visible(folders: list[str]) -> bool:
    """Leave hidden folders out of a walk, in a settled order. Always true."""
    folders[:] = sorted(name for name in folders if not name.startswith("."))
    return True

"""Writing files so that no half-written one is ever seen under its final name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from migrate.errors import RequestError

__all__ = ["publishing", "replacing", "scratch", "write_bytes", "write_text"]

_HIDDEN = ".migrate-"  # temporary names begin with it, then the process number, then something random


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it is renamed to `path`, on any failure removed.

    Examples
    --------
    >>> with replacing(Path("plan.xlsx")) as temporary:  # doctest: +SKIP
    ...     workbook.save(temporary)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{_HIDDEN}{os.getpid()}-", suffix=f"-{path.name[-80:]}")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> Path:
    """Write `content` to `path` in one step."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path


def write_text(path: Path, content: str) -> Path:
    """Write `content` to `path` in one step, as UTF-8 with ``\\n`` line ends."""
    return write_bytes(path, content.encode("utf-8"))


@contextmanager
def publishing(out: Path, *, last: str, ours: Sequence[str] = ()) -> Iterator[Path]:
    """Give a hidden folder inside `out`; on success its files are renamed into `out`, on any failure it is removed.

    Parameters
    ----------
    out
        The final folder, made if missing. What a killed run left hidden there is swept away first.
    last
        The file that is renamed after all others: it vouches for them.
    ours
        Globs of files in `out` that are removed when the new set does not have them.
    """
    if out.exists() and not out.is_dir():
        raise RequestError("is a file, not a folder", where=str(out), remedy="Name a folder for the output.")
    out.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    staging = Path(tempfile.mkdtemp(dir=out, prefix=f"{_HIDDEN}{os.getpid()}-"))
    try:
        yield staging
        made = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
        for name in sorted(made, key=lambda path: (str(path) == last, path)):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(out / name)
        stale = {path for pattern in ours for path in out.glob(pattern)} - {out / name for name in made}
        for path in sorted(stale):
            path.unlink()
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder for what is spilled, and remove it afterwards; those that killed runs left are swept away first."""
    _sweep(Path(tempfile.gettempdir()), f"{_HIDDEN}*")
    with tempfile.TemporaryDirectory(prefix=f"{_HIDDEN}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep(out: Path, pattern: str = f"**/{_HIDDEN}*") -> None:
    """Remove what processes that are no longer alive left behind."""
    for path in out.glob(pattern):
        number = path.name.removeprefix(_HIDDEN).split("-")[0]
        if not number.isdigit() or _alive(int(number)):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end the process instead of asking for it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

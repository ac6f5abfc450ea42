"""Read a price book: the one that the package carries, or a file of one's own in the same format."""

from __future__ import annotations

import hashlib
import stat
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from migrate.errors import RequestError
from migrate.targets.prices.book import PriceBook

__all__ = ["EMBEDDED", "load_book"]

#: Books that the package carries, by the name under which they are asked for.
EMBEDDED = {"embedded": "aws.json", "embedded-azure": "azure.json", "embedded-google": "google.json"}


_LARGEST = 256_000_000  # bytes; the embedded book has half a million


def load_book(prices: str, base: Path = Path()) -> PriceBook:
    """Read and check a price book.

    Parameters
    ----------
    prices
        ``embedded``, ``embedded-azure`` or ``embedded-google``, or the path of a price book.
    base
        Folder that a relative path starts from.

    Raises
    ------
    RequestError
        The file cannot be read, or is not a price book; the first fault is named.
    """
    if prices in EMBEDDED:
        return _embedded(prices)
    remedy = 'Name the path of a price book, or "embedded" (in plan.toml: `prices` of [target]).'
    try:
        if not stat.S_ISREG((base / prices).stat().st_mode):
            raise RequestError("the price book cannot be read: it is not a regular file", where=prices, remedy=remedy)
        with (base / prices).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a usable path"
        raise RequestError(f"the price book cannot be read: {reason}", where=prices, remedy=remedy) from None
    if len(content) > _LARGEST:
        raise RequestError("the price book is over 256 MB", where=prices, remedy=remedy)
    return _parse(content, prices)


@lru_cache(maxsize=len(EMBEDDED))
def _embedded(prices: str) -> PriceBook:
    return _parse((files("migrate.targets.prices") / EMBEDDED[prices]).read_bytes(), prices)


def _parse(content: bytes, place: str) -> PriceBook:
    try:
        book = PriceBook.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        part = ".".join(str(step) for step in first["loc"]) or "the document"
        raise RequestError(
            f"is not a price book: `{part}` {first['msg'][:1].lower()}{first['msg'][1:]}",
            where=place,
            remedy='Correct it, or name "embedded" instead (in plan.toml: `prices` of [target]).',
        ) from None
    return book.model_copy(update={"digest": hashlib.sha256(content).hexdigest(), "place": place})

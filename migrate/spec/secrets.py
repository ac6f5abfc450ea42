"""What must not be shown of the URL of a database: who logs in, and with what."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

__all__ = ["secrets_of", "without_secrets"]

_SHORTEST = 3  # shorter texts would blank out half a message


def without_secrets(url: str, text: str | None = None) -> str:
    """`text` (by default the URL itself) with ``***`` for user, password and parameters of the URL."""
    shown = url if text is None else text
    for secret in secrets_of(url):
        shown = shown.replace(secret, "***")
    return shown


def secrets_of(url: str) -> list[str]:
    """Parts of a URL that are secret or may be, as written and as meant, longest first. A name without ``://`` has none."""
    head, mark, rest = url.partition("://")
    if not mark:
        return []
    # Not by `urlsplit` alone: a password may hold / ? and # unescaped, where it would see the end of the host.
    found = {rest.rpartition("@")[0]} if "@" in rest else set()
    found |= {part for text in tuple(found) for part in (text.partition(":")[2], text.partition(":")[0])}
    try:
        query = urlsplit(f"{head}://{rest.rpartition('@')[2]}").query
    except ValueError:  # no URL at all: nothing of it is shown
        query = rest
    found |= {query} | {pair.partition("=")[2] for pair in query.split("&")}
    found |= {unquote(text) for text in tuple(found)}
    return sorted((text for text in found if len(text) >= _SHORTEST), key=lambda text: (-len(text), text))

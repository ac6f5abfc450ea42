"""Kinds of flow records: `kind` of a conversation. The last two have neither addresses nor port."""

__all__ = ["ACCEPTED", "MALFORMED", "REJECTED", "SKIPPED"]

ACCEPTED, REJECTED, SKIPPED, MALFORMED = 0, 1, 2, 3

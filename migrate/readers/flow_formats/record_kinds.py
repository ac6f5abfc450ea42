"""Kinds of flow records: ``kind`` of a record and of a conversation. The last two say nothing about who talks to whom."""

__all__ = ["ACCEPTED", "MALFORMED", "REJECTED", "SKIPPED"]

ACCEPTED, REJECTED, SKIPPED, MALFORMED = 0, 1, 2, 3

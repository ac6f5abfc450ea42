"""From the many ways in which companies rank applications to four levels."""

from __future__ import annotations

import polars as pl

__all__ = ["criticality_of"]

# the words of one level, separated by commas: ServiceNow's choices, tiers of service catalogues, metals and numbers
_WORDS = {
    "mission-critical": "mission critical,missioncritical,most critical,critical,very critical,business critical,life critical,"
    "patient critical,safety critical,platinum,vital,tier 0,tier 1,tier0,tier1,t0,t1,p1,very high,highest,1",
    "high": "high,somewhat critical,important,business important,essential,gold,tier 2,tier2,t2,p2,2",
    "medium": "medium,moderate,normal,standard,less critical,business operational,silver,tier 3,tier3,t3,p3,3",
    "low": "low,not critical,non critical,noncritical,minor,administrative,bronze,none,very low,lowest,tier 4,tier4,tier 5,tier5,"
    "t4,p4,4,5",
}
_BY_WORD = {word: level for level, words in _WORDS.items() for word in words.split(",")}


def criticality_of(value: pl.Expr) -> pl.Expr:
    """The level (`migrate.model.names.CRITICALITIES`) of a column of words; null when a word is not known.

    A number before the word is the ranking of the same thing (``1 - most critical``, ServiceNow's choices): the word
    decides, and the number only where there is no word (``1``, ``Tier 1``).
    """
    plain = value.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    words = plain.str.replace(r"^\d+ +", "").str.replace(r" +(business )?(application|system|service)s?$", "")
    tier = plain.str.extract(r"\b(tier ?\d)\b").str.replace(" ", "")
    levels = [_looked_up(plain), _looked_up(words), _looked_up(tier)]
    return pl.coalesce(levels)


def _looked_up(word: pl.Expr) -> pl.Expr:
    return word.replace_strict(_BY_WORD, default=None, return_dtype=pl.String)

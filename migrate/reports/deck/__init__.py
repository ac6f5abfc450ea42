"""board.pptx: the plan on a few slides with native charts, for those who decide."""

from migrate.reports.deck.deck import write_deck

__all__ = ["write_deck"]

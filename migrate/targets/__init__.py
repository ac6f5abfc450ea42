"""What does each server become? Disposition, size, and price."""

from migrate.targets.choose import choose_targets
from migrate.targets.prices import PriceBook, load_book

__all__ = ["PriceBook", "choose_targets", "load_book"]

"""What does it cost? Dated list prices of the provider, offline."""

from migrate.targets.prices.book import TERMS, PriceBook
from migrate.targets.prices.load import load_book

__all__ = ["TERMS", "PriceBook", "load_book"]

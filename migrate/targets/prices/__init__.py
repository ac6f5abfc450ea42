"""What does it cost? Dated list prices of the provider, offline."""

from migrate.targets.prices.book import TERMS, PriceBook
from migrate.targets.prices.compare import BookDiff, compare_books
from migrate.targets.prices.load import load_book
from migrate.targets.prices.rates import list_rates
from migrate.targets.prices.show import cover, show_rates

__all__ = ["TERMS", "BookDiff", "PriceBook", "compare_books", "cover", "list_rates", "load_book", "show_rates"]

"""AWS Price List files ("offer files"), and the price book made from them."""

from migrate.targets.prices.offers.fetch import fetch_offers
from migrate.targets.prices.offers.folder import read_folder
from migrate.targets.prices.offers.make import Made, make_book
from migrate.targets.prices.offers.savings import SavingsRates, fetch_savings

__all__ = ["Made", "SavingsRates", "fetch_offers", "fetch_savings", "make_book", "read_folder"]

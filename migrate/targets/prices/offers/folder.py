"""Price list files that lie in a folder, for networks without a way to AWS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from migrate.errors import InputError
from migrate.targets.prices.offers.offer import SERVICES, Offer, read_offer

__all__ = ["read_folder"]

_WHERE = "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html"
_ENDINGS = (".json", ".csv")


def read_folder(folder: Path) -> Iterator[Offer]:
    """Every price list file in a folder and the folders in it, by name, one in memory at a time.

    Other JSON and CSV files, such as the indexes that AWS keeps beside them, are passed over.

    Raises
    ------
    InputError
        The folder cannot be read, has no price list file of EC2, RDS or data transfer, or has a broken one.
    """
    if not folder.is_dir():
        raise InputError("is not a folder", where=str(folder), remedy="Name the folder of the price list files.")
    any_found = False
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS and path.is_file()):
        offer = read_offer(path)
        if offer is not None:
            any_found = True
            yield offer
    if not any_found:
        raise InputError(
            f"has no price list file of {', '.join(SERVICES)}",
            where=str(folder),
            remedy=f"Put files there as {_WHERE} offers them.",
        )

"""The price book that a plan was priced with, as far as it can still be had."""

from __future__ import annotations

from pathlib import Path

from migrate.errors import RequestError
from migrate.model.plan import Plan
from migrate.targets.prices import PriceBook, load_book

__all__ = ["plan_prices"]


def plan_prices(plan: Plan, file: Path | None = None) -> PriceBook | None:
    """The book whose name, date and digest are those that the plan states.

    Parameters
    ----------
    file
        Where the book lies. None: only a book that the package carries is looked for, since a plan does not say which
        folder its request stood in.

    Returns
    -------
    PriceBook or None
        None when the book is not here, or another one.

    Raises
    ------
    RequestError
        `file` cannot be read, or is another book than the plan's.
    """
    asked = str(file) if file is not None else plan.spec.target.prices
    if file is None and not asked.startswith("embedded"):
        return None
    book = load_book(asked)
    if book.label in plan.price_book:
        return book
    if file is not None:
        raise RequestError(
            f"is {book.label}, the plan was priced with {plan.price_book}",
            where=str(file),
            remedy="Name the book that the plan was made with, or plan again.",
        )
    return None

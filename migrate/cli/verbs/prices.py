"""Verbs of the price book: prices show, prices diff."""

from __future__ import annotations

from typing import Annotated

import typer

from migrate.cli.app import JsonOption

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    prices = typer.Typer(
        help="Look into a price book, and compare two.",
        epilog="Example: `migrate prices show --service ec2 --region us-east-1`",
        no_args_is_help=True,
    )
    prices.command(epilog="Example: `migrate prices show --service ec2 --region us-east-1 --json`")(show)
    prices.command(epilog="Example: `migrate prices diff embedded newer.json`")(diff)
    app.add_typer(prices, name="prices")


def show(
    service: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="ec2, rds, ebs, rds-storage, transfer or windows; default: what the book covers."),
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME", help="Only what holds there, such as us-east-1.")] = None,
    book: Annotated[
        str, typer.Option(metavar="FILE", help="A price book; default: the one that the package carries.")
    ] = "embedded",
    as_json: JsonOption = False,
) -> None:
    """List the rates of a price book, each with its unit, source and date. A rate that is not there is not known."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_prices import tell_cover, tell_rates
    from migrate.errors import RequestError
    from migrate.targets.prices import cover, load_book, show_rates

    loaded = load_book(book)
    if service is None:
        if region is not None:
            raise RequestError("--region wants a --service", remedy="Add `--service ec2`, for example.")
        covered = cover(loaded)
        if as_json:
            print_json({"book": loaded.label, "sha256": loaded.digest, "services": covered.to_dicts()})
        else:
            tell_cover(loaded, covered)
        return
    rates = show_rates(loaded, service, region)
    if as_json:
        print_json(rates.to_dicts())
    else:
        tell_rates(loaded, service, rates)


def diff(
    before: Annotated[str, typer.Argument(help="A price book, or `embedded`.", show_default=False)],
    after: Annotated[str, typer.Argument(help="Another price book, or `embedded`.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say what differs between two price books: rates added, gone and changed, by service and region."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_prices import tell_book_diff
    from migrate.targets.prices import compare_books, load_book

    found = compare_books(load_book(before), load_book(after))
    if as_json:
        parts = {"by": found.by.to_dicts(), "rates": found.rates.to_dicts()}
        print_json({"before": found.before, "after": found.after, "same": found.same, **parts})
    else:
        tell_book_diff(found)

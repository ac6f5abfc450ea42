"""Verbs of the price book: prices show, prices diff, prices compare, prices refresh."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, QuietOption

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    prices = typer.Typer(
        help="Look into a price book, compare two, price a plan on three clouds, and make a book from AWS Price List files.",
        epilog="Example: `migrate prices show --service ec2 --region us-east-1`",
        no_args_is_help=True,
    )
    prices.command(epilog="Example: `migrate prices show --service ec2 --region us-east-1 --json`")(show)
    prices.command(epilog="Example: `migrate prices diff embedded newer.json`")(diff)
    prices.command(epilog="Example: `migrate prices compare plans/health12/out/plan.json`")(compare)
    prices.command(epilog="Example: `migrate prices refresh --out prices.json --regions us-east-1,eu-west-1`")(refresh)
    app.add_typer(prices, name="prices")


def show(
    service: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="ec2, rds, ebs, rds-storage, transfer, direct-connect or windows, of other clouds compute or disk; default: "
            "what the book covers.",
        ),
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME", help="Only what holds there, such as us-east-1.")] = None,
    book: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="A price book, embedded-azure or embedded-google; default: that of AWS in the package."
        ),
    ] = "embedded",
    overlay: Annotated[
        Path | None,
        typer.Option(metavar="PLAN.toml", help="Also show what the discounts and private rates of this request leave."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the rates of a price book, each with its unit, source and date. A rate that is not there is not known."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_prices import tell_cover, tell_rates
    from migrate.errors import RequestError
    from migrate.spec.load import load_spec
    from migrate.targets.prices import cover, load_book, show_rates
    from migrate.targets.prices.overlays import add_overlay

    loaded = load_book(book)
    if service is None:
        if region is not None or overlay is not None:
            option = "--region" if region is not None else "--overlay"
            raise RequestError(f"{option} wants a --service", remedy="Add `--service ec2`, for example.")
        covered = cover(loaded)
        if as_json:
            print_json({"book": loaded.label, "sha256": loaded.digest, "services": covered.to_dicts()})
        else:
            tell_cover(loaded, covered)
        return
    rates = show_rates(loaded, service, region)
    if overlay is not None:
        rates = add_overlay(rates, service, load_spec(overlay))
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


def compare(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json.", show_default=False)],
    term: Annotated[
        str | None, typer.Option(metavar="TERM", help="on_demand, reserved_1y or reserved_3y; default: the plan's.")
    ] = None,
    book: Annotated[
        str | None, typer.Option(metavar="FILE", help="A price book of AWS; default: as the plan was priced.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Price the same estate on three clouds: each running server on the cheapest type that meets its need, in terms alike."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_clouds import summary, tell_clouds
    from migrate.errors import RequestError
    from migrate.model.plan import load_plan
    from migrate.targets.cloud_plan import compare_plan
    from migrate.targets.prices import TERMS

    if term is not None and term not in TERMS:
        raise RequestError(f"{term[:40]!r} is no term", where="--term", remedy=f"There are {', '.join(TERMS)}.")
    found = compare_plan(load_plan(plan), term, prices=book)
    if as_json:
        print_json(summary(found))
    else:
        tell_clouds(found)


def refresh(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Price book to write.", show_default=False)],
    regions: Annotated[
        str, typer.Option(metavar="NAME,…", help="Regions; default: those of the embedded book, with --from all in the files.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Price list files, JSON or CSV, instead of asking AWS.")
    ] = None,
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day that AWS is asked for, without Savings Plans; default: today."),
    ] = None,
    savings: Annotated[bool, typer.Option(help="Also ask AWS for today's rates of Compute Savings Plans.")] = True,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a price book from the AWS Price List: EC2, EBS, RDS and data transfer, from AWS or from files of it."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told_prices import tell_cover
    from migrate.errors import RequestError
    from migrate.files import write_text
    from migrate.targets.prices import cover, load_book
    from migrate.targets.prices.build import book_text
    from migrate.targets.prices.offers import fetch_offers, fetch_savings, make_book, read_folder

    if folder is not None and date is not None:
        raise RequestError("--date is of what AWS is asked for, and --from asks nothing", remedy="Leave one of them out.")
    named = sorted({name.strip() for name in regions.split(",") if name.strip()})
    if folder is not None:
        made = make_book(read_folder(folder), named)
    else:
        asked = named or load_book("embedded").regions
        day = date.date() if date else dt.datetime.now(dt.UTC).date()
        plans = fetch_savings(asked, day) if savings and date is None else None  # AWS tells no rates but today's
        made = make_book(fetch_offers(asked, day), asked, plans)
    write_text(out, book_text(made.book))
    loaded = load_book(str(out))
    covered = cover(loaded)
    if as_json:
        parts = {"services": covered.to_dicts(), "notes": list(made.notes)}
        print_json({"book": loaded.label, "sha256": loaded.digest, "file": str(out), **parts})
        return
    for note in made.notes:
        Talk(quiet=quiet).say(f"{note}.")
    tell_cover(loaded, covered)
    typer.echo(f"Written: {out}")

"""The stage: every server gets a disposition, a target that fits, and its price."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.errors import RequestError
from migrate.model.names import MOVING
from migrate.model.plan import CloudComparison
from migrate.model.stages import Discovery, TargetChoice, Targets
from migrate.spec import Spec
from migrate.targets.arm import arm64
from migrate.targets.clouds import compare_clouds
from migrate.targets.cost import add_costs, add_prices
from migrate.targets.database_worth import add_worth
from migrate.targets.decisions import add_decisions
from migrate.targets.dispositions import DECLARED, add_dispositions, prices
from migrate.targets.doubts import doubts_about_book, doubts_about_servers
from migrate.targets.facts import collect_facts
from migrate.targets.managed_database import LEAST_STORAGE_GIB, add_databases
from migrate.targets.need import add_needs
from migrate.targets.prices import PriceBook, load_book
from migrate.targets.prices.offered import offered_rates
from migrate.targets.size import size_servers
from migrate.targets.sizing import sizing
from migrate.targets.source_cost import add_source_cost
from migrate.targets.speeds import cpu_speed

__all__ = ["choose_targets"]

_BOUGHT = "saas"
_STOPPED = "; switched off: only storage is paid until it is started"
_ONE_YEAR = "; priced for one year, RDS has no three years without upfront payment"


def choose_targets(discovery: Discovery, spec: Spec, *, base: Path = Path()) -> TargetChoice:
    """Decide what becomes of every server, on what it will run, and what that costs a month.

    Parameters
    ----------
    discovery
        The estate with its memberships, dependencies and external traffic.
    spec
        The request: ``target`` (regions, price book and term, headroom, architectures, licences), ``costs`` of staying, and
        the decisions of ``disposition``.
    base
        Folder that a relative path of a price book starts from: that of plan.toml.

    Returns
    -------
    One row per server. Every server has a target, a disposition that needs none (retire, retain), or a finding.

    Raises
    ------
    RequestError
        The price book cannot be read, or has no prices for a region.
    """
    book = load_book(spec.target.prices, base)
    _check_regions(book, spec)
    decided, findings = add_decisions(collect_facts(discovery), spec.disposition)
    home, recovery = spec.target.regions[0], spec.target.regions[-1]
    dr = pl.col("environment").cast(pl.String).eq_missing("dr")
    placed = decided.with_columns(
        region=pl.when(dr).then(pl.lit(recovery)).otherwise(pl.lit(home)), arm64=arm64(), cpu_speed=cpu_speed("cpu_model")
    )
    needs = add_needs(placed, spec.target)
    options = size_servers(add_databases(needs, book, spec.target), book, spec.target)
    options = add_worth(add_prices(options, book, spec), spec.effort)
    chosen = _choose(add_dispositions(options, spec.plan.start, discovery.observed_days), spec.target.term)
    costed = add_source_cost(add_costs(chosen, book), spec.costs)
    sizes, doubts = sizing(costed, book, spec)
    findings += doubts_about_servers(costed, spec.plan.name) + doubts + doubts_about_book(book, spec.plan.start)
    servers = costed.with_columns(pl.when("needs_target").then("region").alias("region")).sort("server_id")
    chosen_targets = Targets.validate(servers.select(list(Targets.columns())), cast=True)
    return TargetChoice(chosen_targets, book.label, findings, offered_rates(servers, book), sizes, _on_clouds(costed, book, spec))


def _on_clouds(costed: pl.DataFrame, book: PriceBook, spec: Spec) -> CloudComparison | None:
    running = costed.filter(pl.col("needs_target") & ~pl.col("off"))
    windows = pl.col("os_family").cast(pl.String).eq_missing("windows")
    volumes, sized = pl.col("volumes_gib"), pl.when("sized")
    compared = running.select(
        "server_id",
        "region",
        need_vcpu=sized.then("need_vcpu"),
        need_memory_gib=sized.then("need_memory_gib"),
        windows=windows,
        gib=pl.when(volumes.list.len() > 0).then(volumes.list.sum()),
        used_gib="disk_used_gib",
    )
    return compare_clouds(compared, book, spec.target.term, spec.target.backup_retained_copies)


def _check_regions(book: PriceBook, spec: Spec) -> None:
    if book.provider != "aws":
        raise RequestError(
            f"the {book.label} cannot price a plan, whose targets are of AWS",
            where="plan.toml [target] prices",
            remedy="Name a price book of AWS; `migrate prices compare` prices a plan on other clouds.",
        )
    for region in spec.target.regions:
        if region not in book.regions:
            raise RequestError(
                f"the price book has no prices for the region {region!r}",
                where="plan.toml [target] regions",
                remedy=f"Regions of the {book.label}: {', '.join(book.regions)}.",
            )


def _choose(options: pl.DataFrame, term: str) -> pl.DataFrame:
    """Add needs_target, bought, managed, target; volumes and the reason as the target has them."""
    disposition = pl.col("disposition").cast(pl.String)
    declared = pl.col("disposition_rule").is_in(DECLARED)
    flagged = options.with_columns(
        bought=disposition == "repurchase",
        needs_target=disposition.is_in([name for name in MOVING if name != "repurchase"]),
        managed=(disposition == "replatform") & pl.col("database_target").is_not_null() & (pl.col("database_worth") | declared),
    )
    whole = pl.max_horizontal(pl.col("volumes_gib").list.sum(), pl.lit(LEAST_STORAGE_GIB))
    some = pl.col("volumes_gib").list.len() > 0
    nothing = pl.lit([], dtype=pl.List(pl.Float64))
    return flagged.with_columns(
        target=pl.when("bought").then(pl.lit(_BOUGHT)).when("managed").then("database_target")
        .when("needs_target").then("instance_type"),
        volumes_gib=pl.when(~pl.col("needs_target")).then(nothing).when(pl.col("managed") & some).then(pl.concat_list(whole))
        .otherwise("volumes_gib"),
        target_reason=_reason(_ONE_YEAR if term == "reserved_3y" else ""),
    )  # fmt: skip


def _reason(term: str) -> pl.Expr:
    disposition, why = pl.col("disposition").cast(pl.String), pl.col("target_reason")
    dearer = pl.col("database_usd_month").is_not_null() & ~pl.col("database_worth") & (disposition != "refactor")
    sized = pl.concat_str(
        why,
        pl.when("load_bound").then(pl.lit("; its disk or network load asks for a larger type")).fill_null(""),
        pl.when(pl.col("instance_type").is_not_null() & pl.col("more_vcpu_type").is_not_null())
        .then(pl.format("; fewer vCPUs to license than {}, whose compute alone is cheaper", "more_vcpu_type"))
        .fill_null(""),
        pl.when(disposition == "refactor").then(pl.lit("; sized as it stands, the new design may need less")).fill_null(""),
        pl.when(dearer).then(pl.format("; a managed database is dearer: {}", prices())).fill_null(""),
        pl.when(pl.col("off")).then(pl.lit(_STOPPED)).fill_null(""),
    )
    return (
        pl.when(disposition == "retire").then(pl.lit("needs none: it is switched off for good"))
        .when(disposition == "retain").then(pl.lit("needs none: it stays where it is"))
        .when("bought").then(pl.lit("a bought service takes its place; which one, and its price, are not known"))
        .when("managed").then(pl.concat_str(why, pl.lit("; "), prices(), pl.lit(term)))
        .otherwise(sized)
    )  # fmt: skip

"""What the stage records of sizes: needs and evidence, alternatives side by side, waste, licences by core, hosts, storage."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.plan import CoreLicences, SizedServers, Sizing
from migrate.spec import Spec
from migrate.targets.alternatives import PRICED, Bought, alternatives, bought_otherwise
from migrate.targets.core_licences import ENGINES, CoreEngine, licensed_vcpu
from migrate.targets.fitting import fit, gathered
from migrate.targets.hosts import dedicated_hosts
from migrate.targets.prices import PriceBook
from migrate.targets.size import offers, with_marks
from migrate.targets.storage_class import storage_classes
from migrate.targets.waste import doubts_about_waste, waste_of, wasted
from migrate.units import HOURS_PER_MONTH

__all__ = ["sizing"]


def sizing(costed: pl.DataFrame, book: PriceBook, spec: Spec) -> tuple[Sizing, list[Finding]]:
    """The record of sizes, and what is to be said of it.

    Parameters
    ----------
    costed
        All servers with all columns of the stage, sorted by server_id.
    """
    servers = costed.filter("needs_target").with_columns(
        evidence=_evidence(), waste=wasted(), licensed_vcpu=licensed_vcpu("vcpu")
    )
    bought = bought_otherwise(servers, book, spec.target)
    waste = waste_of(servers.select("name", "waste").hstack(_totals(bought)))
    counts = dict(servers.group_by("evidence").len().sort("evidence").iter_rows())
    hosts = dedicated_hosts(servers, book)
    record = Sizing(
        term=spec.target.term,
        percentile=spec.target.percentile,
        headroom=spec.target.headroom,
        servers=_columns(servers),
        evidence=counts,
        alternatives=alternatives(bought),
        waste=waste,
        licences=tuple(row for engine in ENGINES if (row := _licences(servers, book, spec, engine)) is not None),
        hosts=hosts,
        storage=storage_classes(servers),
        notes=_notes(servers, book, hosts=bool(hosts)),
    )
    return record, [*doubts_about_waste(waste, spec.plan.name), *_doubts(servers, record, spec)]


def _evidence() -> pl.Expr:
    cpu, memory = pl.col("measured_cpu"), pl.col("measured_memory")
    return (
        pl.when(~pl.col("sized"))
        .then(pl.lit("not sized"))
        .when("off")
        .then(pl.lit("switched off"))
        .when(cpu & memory)
        .then(pl.lit("measured"))
        .when(cpu)
        .then(pl.lit("cpu measured"))
        .when(memory)
        .then(pl.lit("memory measured"))
        .otherwise(pl.lit("allocated"))
    )


def _totals(bought: tuple[Bought, ...]) -> pl.DataFrame:
    """USD a month by server and alternative; null where compute is not known."""
    total = pl.when(pl.col("compute").is_not_null()).then(pl.sum_horizontal(PRICED))
    names = {"as-allocated": "allocated", "right-sized": "right_sized", "planned": "planned"}
    return pl.DataFrame([each.servers.select(total.alias(names[each.key])).to_series() for each in bought if each.key in names])


def _columns(servers: pl.DataFrame) -> SizedServers:
    sized = pl.when("sized")
    columns = servers.select(
        server_ids="server_id",
        need_vcpu=sized.then("need_vcpu"),
        need_memory_gib=sized.then("need_memory_gib"),
        evidence="evidence",
        cpu_speed="cpu_speed",
        arm64="arm64",
        licensed_vcpu=pl.col("licensed_vcpu").ceil().cast(pl.Int64),
        waste="waste",
    )
    return SizedServers(**{name: tuple(column.to_list()) for name, column in columns.to_dict().items()})


def _licences(servers: pl.DataFrame, book: PriceBook, spec: Spec, engine: CoreEngine) -> CoreLicences | None:
    running = servers.filter(
        pl.col("engines").list.contains(engine.name) & ~pl.col("managed") & ~pl.col("off") & pl.col("instance_type").is_not_null()
    )
    if running.is_empty():
        return None
    least = pl.lit(engine.least_vcpu)
    parts = []
    for (region, licensed), part in with_marks(running, spec.target).partition_by("region", "licensed", as_dict=True).items():
        kinds = offers(book, str(region), spec.target.term, windows=bool(licensed))
        kinds = kinds.sort("vcpu", pl.col("usd_h") + pl.col("licence_usd_h"), "instance_type")
        found = gathered(fit(part, kinds, by_speed=spec.target.cpu_speed == "documented"))
        fewest = kinds.select(fewest_vcpu="vcpu", fewest_usd_h=pl.col("usd_h") + pl.col("licence_usd_h"))
        parts.append(part.hstack(fewest.select(pl.all().gather(found))))
    planned_usd_h = pl.col("usd_h") + pl.col("licence_usd_h")
    optimised = pl.min_horizontal((pl.col("need_vcpu") / 2).ceil() * 2, pl.col("instance_vcpu"))
    row = pl.concat(parts).select(
        source=pl.max_horizontal("vcpu", least).sum(),
        target=pl.max_horizontal("instance_vcpu", least).sum(),
        fewest=pl.max_horizontal("fewest_vcpu", least).sum(),
        extra=((pl.col("fewest_usd_h") - planned_usd_h) * HOURS_PER_MONTH).sum(),
        optimised=pl.max_horizontal(optimised, least).sum(),
    )
    source, target, fewest, extra, fewer = row.row(0)
    return CoreLicences(
        engine=engine.name,
        servers=running.height,
        counted=engine.counted,
        source_vcpu=source,
        target_vcpu=round(target),
        fewest_vcpu=round(fewest),
        fewest_extra_usd_month=extra,
        optimised_vcpu=round(fewer),
        break_even_usd_vcpu_month=max(0.0, extra) / (target - fewest) if target > fewest else None,
    )


def _notes(servers: pl.DataFrame, book: PriceBook, *, hosts: bool) -> tuple[str, ...]:
    notes = []
    unknown = servers["cpu_speed"].null_count()
    if unknown:
        notes.append(
            f"The processor of {unknown:,} of {servers.height:,} servers is not known: for them a vCPU of the newest generation "
            "counts as one of today's."
        )
    candidates = int((servers["arm64"] == "candidate").sum())
    if candidates:
        notes.append(f"{candidates:,} servers are candidates for Graviton: the makers of their software have to be asked.")
    if hosts and not any(name.startswith("dedicated_host_") for part in book.items for name in part.usd):
        notes.append("The price book has no price of dedicated hosts: only the price at which they would pay is told.")
    if (servers["storage_class"] == "io2").any() and book.item("io2_iops_month", str(servers["region"][0])) is None:
        notes.append("The price book has no price of io2 volumes: what they cost is in no total.")
    return tuple(notes)


def _doubts(servers: pl.DataFrame, record: Sizing, spec: Spec) -> list[Finding]:
    found = []
    asked = "cpu_max_pct" if spec.target.percentile == 100 else f"cpu_p{spec.target.percentile}_pct"
    running = servers.filter(~pl.col("off"))
    lacking = running.filter(pl.col(asked).is_null() & pl.col("cpu_p95_pct").is_not_null())
    if lacking.height:
        found.append(
            Finding(
                code="percentile-not-measured",
                severity=Severity.warning,
                subject=spec.plan.name,
                message=f"The load of {lacking.height:,} servers is known, but not at percentile {spec.target.percentile}: they "
                "are sized for the next higher one that is known, or as allocated",
                remedy="Export that percentile, or set `percentile` of [target] to 95.",
            )
        )
    found += [_spared(row) for row in record.licences if min(row.optimised_vcpu, row.fewest_vcpu) < row.target_vcpu]
    if spec.target.windows_licence == "byol" and record.hosts:
        best = record.hosts[0]
        found.append(
            Finding(
                code="windows-byol-needs-dedicated-hosts",
                severity=Severity.warning,
                subject=spec.plan.name,
                message="Windows Server licences that are brought along need dedicated hosts, and the plan prices shared ones: "
                f"{best.servers:,} servers fit on {best.hosts:,} hosts {best.family} in {best.region}, with {best.cores:,} cores",
                remedy="Ask AWS for the price of the hosts, or let licences be included.",
            )
        )
    return found


def _spared(row: CoreLicences) -> Finding:
    words = f"{row.servers:,} servers with {row.engine} have {row.target_vcpu:,} vCPUs to license on their targets."
    if row.optimised_vcpu < row.target_vcpu:
        words += f" {row.optimised_vcpu:,} are needed, and EC2 lets cores be switched off at the same price of compute."
    if row.break_even_usd_vcpu_month is not None:
        words += (
            f" Types with fewer vCPUs have {row.fewest_vcpu:,} and cost {row.fewest_extra_usd_month:,.0f} USD a month more: they "
            f"pay from {row.break_even_usd_vcpu_month:,.0f} USD a vCPU and month of licences on."
        )
    return Finding(
        code="core-licences-spared",
        severity=Severity.info,
        subject=row.engine,
        message=words.removesuffix("."),
        remedy=f"Launch them with CPU options, and set `{row.engine}_usd_vcpu_month` of [target] to what a licence costs.",
    )

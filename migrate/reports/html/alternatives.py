"""What else could have been bought: other sizes, hosts, storage classes and clouds, each with its price."""

from __future__ import annotations

from migrate.model.plan import Alternative, Cloud, Plan
from migrate.reports.html.grid import Grid
from migrate.reports.numerals import UNKNOWN, count, percent, share, usd, whole

__all__ = ["cloud_grid", "hosts_grid", "licence_grid", "sizing_grid", "storage_grid", "waste_grid"]

_MOST = 12


def sizing_grid(plan: Plan) -> Grid | None:
    """Sizes side by side; None for plans made before they were recorded."""
    sizing = plan.sizing
    if sizing is None or not sizing.alternatives:
        return None
    return Grid(
        title="The same servers sized in other ways, USD a month at list price",
        head=("Way", "Compute", "Licences", "Storage", "Backup", "In all", "Saved", "Priced"),
        rows=tuple(_way(each) for each in sizing.alternatives),
        widths=(2.6, 1, 1, 1, 1, 1, 1, 1.3),
        right=tuple(range(1, 8)),
        note=" ".join((
            f"{sizing.term.replace('_', ' ').capitalize()}, {sizing.percentile}th percentile of the measured load with "
            f"{percent(sizing.headroom)} headroom; saved against as allocated, on the servers priced in both; without traffic.",
            *sizing.notes,
        )),
        traces=tuple(f"sizing.{each.key}" for each in sizing.alternatives),
    )  # fmt: skip


def _way(each: Alternative) -> tuple[str, ...]:
    parts = (usd(getattr(each.cost, name)) for name in ("compute", "licence", "storage", "backup"))
    return (each.label, *parts, usd(each.cost_usd_month), usd(each.saved_usd_month), f"{each.priced:,} of {each.servers:,}")


def waste_grid(plan: Plan) -> Grid | None:
    """Servers that cost more than they need to."""
    if plan.sizing is None or not plan.sizing.waste:
        return None
    rows = tuple(
        (each.kind.replace("-", " ").capitalize(), each.what, whole(each.servers), usd(each.usd_month), ", ".join(each.dearest))
        for each in plan.sizing.waste
    )
    head = ("Kind", "Rule", "Servers", "USD a month at stake", "Dearest")
    return Grid("Idle, oversized and switched-off servers", head, rows, (1, 2.4, 0.7, 1, 2.4), (2, 3))


def licence_grid(plan: Plan) -> Grid | None:
    """Database engines that are licensed by core."""
    if plan.sizing is None or not plan.sizing.licences:
        return None
    rows = tuple(
        (
            each.engine,
            whole(each.servers),
            whole(each.source_vcpu),
            whole(each.target_vcpu),
            whole(each.fewest_vcpu),
            usd(each.fewest_extra_usd_month),
            whole(each.optimised_vcpu),
            usd(each.break_even_usd_vcpu_month),
        )
        for each in plan.sizing.licences
    )
    return Grid(
        title="Licences by core, brought along: vCPUs that are licensed",
        head=(
            "Engine", "Servers", "Today", "As planned", "Fewest possible", "which costs, a month", "Cores switched off",
            "Pays above, USD a vCPU",
        ),
        rows=rows,
        widths=(1.1, 0.8, 0.8, 0.9, 1, 1.1, 1.1, 1.3),
        right=tuple(range(1, 8)),
        note="; ".join(f"{each.engine}: {each.counted}" for each in plan.sizing.licences)
        + ". Prices of these licences are in no cost.",
    )  # fmt: skip


def hosts_grid(plan: Plan) -> Grid | None:
    """Windows servers packed on dedicated hosts."""
    if plan.sizing is None or not plan.sizing.hosts:
        return None
    rows = tuple(
        (
            each.family,
            each.region,
            whole(each.servers),
            f"{each.hosts:,} (at least {each.least_hosts:,})",
            whole(each.cores),
            percent(each.vcpu_share),
            usd(each.usd_month),
            usd(each.shared_usd_month),
            UNKNOWN if each.break_even_host_usd_h is None else f"${each.break_even_host_usd_h:,.2f}",
        )
        for each in plan.sizing.hosts[:_MOST]
    )
    return Grid(
        title="Windows on dedicated hosts, licences brought along",
        head=(
            "Family", "Region", "Servers", "Hosts", "Cores to license", "Full", "USD a month", "Shared, USD a month",
            "Pays below, a host-hour",
        ),
        rows=rows,
        widths=(0.8, 1.1, 0.8, 1.5, 1, 0.7, 1, 1.2, 1.3),
        right=tuple(range(2, 9)),
        note="A dash: the price book has no price of the host. The last column says at which price of a host both cost the same.",
    )  # fmt: skip


def storage_grid(plan: Plan) -> Grid | None:
    """Volumes by class."""
    if plan.sizing is None or not plan.sizing.storage:
        return None
    rows = tuple(
        (
            each.storage_class,
            *map(whole, (each.servers, each.volumes, each.gib, each.extra_iops, each.extra_mib_s)),
            usd(each.usd_month),
        )
        for each in plan.sizing.storage
    )
    head = ("Class", "Servers", "Volumes", "GiB", "IOPS beyond", "MiB/s beyond", "USD a month")
    return Grid("Storage from measured load", head, rows, (1, 1, 1, 1.2, 1.2, 1.2, 1.2), tuple(range(1, 7)),
                note="Beyond what gp3 volumes include; of io2 all IOPS.")  # fmt: skip


def cloud_grid(plan: Plan) -> Grid | None:
    """The same estate on several clouds; None where no other cloud could be compared."""
    clouds = plan.clouds
    if clouds is None:
        return None
    least = min(each.compared_usd_month for each in clouds.clouds)
    return Grid(
        title=f"The same estate on {'three' if len(clouds.clouds) == 3 else 'several'} clouds, USD a month",
        head=("Cloud", "Regions", "Compute", "Against the cheapest", "With storage", "Priced", "Prices of"),
        rows=tuple(_cloud(each, least) for each in clouds.clouds),
        widths=(0.9, 1.8, 1.1, 1.1, 1.1, 1.4, 1.2),
        right=(2, 3, 4, 5, 6),
        note=" ".join((
            f"{clouds.basis[:1].upper()}{clouds.basis[1:]}. {count(clouds.compared, 'server')} of {clouds.servers:,} that every "
            f"cloud prices; with storage {clouds.compared_with_storage:,}.",
            *(f"{_provider(each)}: {each.subset}." for each in clouds.clouds),
            *clouds.notes,
        )),
        traces=tuple(f"cloud.{each.provider}" for each in clouds.clouds),
    )  # fmt: skip


def _provider(each: Cloud) -> str:
    return "AWS" if each.provider == "aws" else each.provider.capitalize()


def _cloud(each: Cloud, least: float) -> tuple[str, ...]:
    compute = next((part for part in each.parts if part.part == "compute"), None)
    more = share(each.compared_usd_month - least, least)
    return (
        _provider(each),
        ", ".join(f"{ours} → {theirs}" if ours != theirs else ours for ours, theirs in sorted(each.regions.items()) if theirs),
        usd(each.compared_usd_month),
        "cheapest" if not more else f"+{more * 100:.1f} %",
        usd(each.compared_with_storage_usd_month),
        f"{compute.priced:,} of {compute.servers:,}" if compute else UNKNOWN,
        each.date.isoformat(),
    )

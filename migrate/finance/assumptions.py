"""Every figure of the request that the business case rests on, with where it came from."""

from __future__ import annotations

from migrate.model.plan import Assumption
from migrate.spec import Section, Spec

__all__ = ["assumptions"]

_PLANNING = "default of this program, a planning value (docs/plan-toml.md)"

#: (table of plan.toml, key, unit)
_USED = (
    ("plan", "start", "date"),
    ("plan", "horizon_years", "years"),
    ("plan", "discount_rate", "a year"),
    ("target", "term", "price term"),
    ("costs", "vcpu_usd_month", "USD per vCPU and month"),
    ("costs", "memory_usd_gib_month", "USD per GiB and month"),
    ("costs", "storage_usd_gib_month", "USD per GiB and month"),
    ("costs", "backup_usd_gib_month", "USD per used GiB and month"),
    ("costs", "windows_usd_month", "USD per Windows server and month"),
    ("costs", "operations_usd_month", "USD per server and month"),
    ("costs", "target_operations_usd_month", "USD per server and month, from cutover"),
    ("costs", "refresh_usd_server", "USD per server that leaves"),
    ("costs", "refresh_every_years", "years; spread evenly by month"),
    ("costs", "decommission_usd_server", "USD per server, on the day it leaves"),
    ("costs", "landing_zone_usd", "USD, spread over waves.first_after_days"),
    ("costs", "training_usd", "USD, spread over waves.first_after_days"),
    ("costs", "programme_usd_month", "USD a month, from plan.start to the last decommission"),
    ("costs", "support_share", "share of the AWS bill"),
    ("costs", "partner_usd_month", "USD a month, from staff.transfer_date, moving or staying"),
    ("effort", "hour_usd", "USD per crew hour"),
    ("waves", "first_after_days", "days"),
    ("waves", "replication_days", "days of double run before cutover"),
    ("waves", "hypercare_days", "days of double run after cutover"),
)


def assumptions(spec: Spec, price_book: str) -> tuple[Assumption, ...]:
    """The price book, each key used with its value and whether the user or the program gave it, and the conventions."""
    rows = [Assumption(key="price_book", value=price_book, unit="", source="the price book named by target.prices")]
    rows += [_key(getattr(spec, table), table, key, unit) for table, key, unit in _USED]
    for k, site in enumerate(spec.site):
        rows += [_key(site, f"site[{k}]", key, f"{unit}, {site.name}") for key, unit in _SITE]
    if spec.staff.transfer_date is not None:
        rows.append(_key(spec.staff, "staff", "transfer_date", "date"))
    return (*rows, *_CONVENTIONS)


_SITE = (
    ("fixed_cost_usd_month", "USD a month until the last server has left"),
    ("colocation_usd_month", "USD a month from the exit on"),
    ("lease_end", "date; staying renews the lease at the same cost"),
)


def _key(section: Section, table: str, key: str, unit: str) -> Assumption:
    value = getattr(section, key)
    given = key in section.model_fields_set
    return Assumption(
        key=f"{table}.{key}",
        value="not given" if value is None else str(value),
        unit=unit,
        source="plan.toml" if given else _PLANNING,
    )


_CONVENTIONS = tuple(
    Assumption(key=key, value=value, unit="", source="convention of this program (docs/business-case.md)")
    for key, value in (
        ("target cost during replication", "in full from replication start"),
        ("source cost during double run", "in full until the decommission date"),
        ("servers moving to an unknown cost", "left out of both sides"),
        ("discounting", "monthly, at the end of each month, (1 + yearly rate)^(1/12) − 1"),
        ("price changes", "none: today's prices over the whole horizon"),
    )
)

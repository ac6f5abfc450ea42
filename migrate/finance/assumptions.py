"""Every figure of the request that the business case rests on, with where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.finance.unused import unused
from migrate.model.plan import Assumption
from migrate.model.plan.money import NOT_GIVEN, NOT_USED
from migrate.spec import Section, Spec

__all__ = ["assumptions"]

_PLANNING = "default of this program, a planning value (docs/plan-toml.md)"

#: (table of plan.toml, key, unit)
_USED = (
    ("plan", "start", "date"),
    ("plan", "horizon_years", "years"),
    ("plan", "discount_rate", "a year"),
    ("plan", "finance_rate", "a year, of deficits in the MIRR; not given: the discount rate"),
    ("plan", "reinvest_rate", "a year, of savings in the MIRR; not given: the discount rate"),
    ("target", "term", "price term"),
    ("costs", "vcpu_usd_month", "USD per vCPU and month, in place of the parts"),
    ("costs", "maintenance_usd_vcpu_month", "USD per vCPU and month"),
    ("costs", "virtualisation_usd_vcpu_month", "USD per vCPU and month"),
    ("costs", "power_w_vcpu", "W per vCPU"),
    ("costs", "power_usage_factor", "power of the building per power of its computers"),
    ("costs", "power_usd_kwh", "USD per kWh"),
    ("costs", "space_usd_vcpu_month", "USD per vCPU and month"),
    ("costs", "network_usd_server_month", "USD per server and month"),
    ("costs", "memory_usd_gib_month", "USD per GiB and month"),
    ("costs", "storage_usd_gib_month", "USD per GiB and month"),
    ("costs", "backup_usd_gib_month", "USD per used GiB and month"),
    ("costs", "windows_usd_month", "USD per Windows server and month"),
    ("costs", "operations_usd_month", "USD per server and month"),
    *(
        ("costs", f"{part}_usd_year", "USD a year, in place of the rate")
        for part in (
            "maintenance",
            "virtualisation",
            "power",
            "space",
            "network",
            "memory",
            "storage",
            "backup",
            "windows",
            "operations",
        )
    ),
    ("costs", "target_operations_usd_month", "USD per server and month, from cutover"),
    ("costs", "refresh_usd_server", "USD per server that leaves"),
    ("costs", "refresh_every_years", "years between purchases"),
    ("costs", "refresh_next", "date of the next purchase; not given: evenly by month"),
    ("costs", "refresh_grace_months", "months after a purchase in which leaving spares it"),
    ("costs", "decommission_usd_server", "USD per server, on the day it leaves"),
    ("costs", "landing_zone_usd", "USD, spread over waves.first_after_days"),
    ("costs", "training_usd", "USD, spread over waves.first_after_days"),
    ("costs", "programme_usd_month", "USD a month, from plan.start to the last decommission"),
    ("costs", "support_share", "share of the AWS bill"),
    ("costs", "partner_usd_month", "USD a month, from staff.transfer_date, moving or staying"),
    ("costs", "migration_partner_usd", "USD, spread over waves.first_after_days"),
    ("costs", "migration_partner_usd_server", "USD per server that moves, on its cutover date"),
    ("costs", "double_run_link_usd_month", "USD a month, from the first replication to the last decommission"),
    ("costs", "inflation_share_year", "a year, of all but AWS"),
    ("costs", "people_growth_share_year", "a year, in place of inflation"),
    ("costs", "energy_growth_share_year", "a year, in place of inflation"),
    ("costs", "cloud_growth_share_year", "a year, of the AWS bill"),
    ("discounts", "edp_share", "share off the charges of discounts.edp_applies_to"),
    ("discounts", "edp_applies_to", "parts of the AWS bill"),
    ("discounts", "edp_on_private_rates", ""),
    ("discounts", "tax_share", "share of the AWS bill with support"),
    ("support", "plan", "docs/spending.md"),
    ("support", "minimum_usd_month", "USD a month, of a plan of one's own"),
    ("currency", "code", "ISO 4217; amounts are computed in USD"),
    ("currency", "per_usd", "units of the currency for one USD"),
    ("commitments", "in_case", "whether the case pays for compute as the mix does"),
    ("commitments", "settle_days", "days from a cutover until its load is committed"),
    ("commitments", "most_share", "share of the settled load"),
    ("commitments", "load_falls_share_year", "share a year, of commitments only"),
    ("carbon", "target_pue", "PUE of the provider's regions"),
    ("carbon", "source_kg_co2e_kwh", "kg CO2e a kWh"),
    ("carbon", "target_kg_co2e_kwh", "kg CO2e a kWh"),
    ("carbon", "cpu_load", "mean load of processors"),
    ("effort", "hour_usd", "USD per crew hour"),
    ("effort", "server_h", "hours per rehosted server"),
    ("effort", "replatform_factor", "times as much for a replatformed server"),
    ("effort", "refactor_factor", "times as much for a refactored server"),
    ("effort", "database_h", "hours per database server"),
    ("effort", "network_h", "hours per application"),
    ("effort", "application_h", "hours per application"),
    ("risk", "outage_usd_h_mission_critical", "USD per hour of outage"),
    ("risk", "outage_usd_h_high", "USD per hour of outage"),
    ("risk", "outage_usd_h_medium", "USD per hour of outage"),
    ("risk", "outage_usd_h_low", "USD per hour of outage"),
    ("risk", "base_failure", "probability at risk score 0"),
    ("risk", "failure_at_full_score", "probability at risk score 100"),
    ("risk", "learning_rate", "factor per doubling of experience"),
    ("weights", "transfer_usd_gb", "USD per GB between site and region, in the planner's objective"),
    ("weights", "latency_usd_million_round_trips", "USD per million round trips, in the planner's objective"),
    ("weights", "wave_usd", "USD per wave, in the planner's objective"),
    ("weights", "change_usd", "USD per application moved by replanning, in the planner's objective"),
    ("waves", "first_after_days", "days"),
    ("waves", "replication_days", "days of double run before cutover"),
    ("waves", "hypercare_days", "days of double run after cutover"),
)


def assumptions(spec: Spec, price_book: str) -> tuple[Assumption, ...]:
    """The price book, each key with its value and whether the user or the program gave it, and the conventions.

    A figure in whose place another one is read stays in the list, and its source says so (`migrate.finance.unused`).
    """
    rows = [Assumption(key="price_book", value=price_book, unit="", source="the price book named by target.prices")]
    rows += [_key(getattr(spec, table), table, key, unit) for table, key, unit in _USED]
    for k, site in enumerate(spec.site):
        rows += [_key(site, f"site[{k}]", key, f"{unit}, {site.name}") for key, unit in _SITE]
    for rate in spec.private_rate:
        place = ", ".join(part for part in (rate.service, rate.family, rate.region) if part)
        rows.append(_key(rate, f"private_rate[{rate.id}]", "share", f"share off the list price, {place}"))
    for contract in spec.contract:
        rows += [_key(contract, f"contract[{contract.name}]", key, unit) for key, unit in _CONTRACT]
    rows += [
        _key(crew, f"crew[{crew.skill}]", "hour_usd", "USD per crew hour") for crew in spec.crew if crew.hour_usd is not None
    ]
    rows += _extra(spec)
    if spec.staff.transfer_date is not None:
        rows.append(_key(spec.staff, "staff", "transfer_date", "date"))
    instead = unused(spec)
    told = [row.model_copy(update={"source": f"{NOT_USED}: {instead[row.key]}"}) if row.key in instead else row for row in rows]
    return (*told, *_CONVENTIONS)


def _extra(spec: Spec) -> Iterator[Assumption]:
    """Prices of capacity beyond the usual, where the request gives any."""
    for crew in spec.crew:
        if crew.overtime_usd_hour is not None:
            yield _key(crew, f"crew[{crew.skill}]", "overtime_usd_hour", "USD per hour of overtime, beside that of the hour")
    if spec.waves.over_usual_usd_server is not None:
        yield _key(spec.waves, "waves", "over_usual_usd_server", "USD per server of a wave beyond waves.usual_servers")
    for link in spec.link:
        if link.overflow_usd_gib is not None:
            yield _key(link, f"link[{link.from_}]", "overflow_usd_gib", "USD per GiB that goes another way")


_SITE = (
    ("fixed_cost_usd_month", "USD a month until the last server has left"),
    ("colocation_usd_month", "USD a month from the exit on"),
    ("lease_end", "date"),
    ("lease_owed_share", "share of the fixed cost from the exit to the lease's end"),
    ("overstay_usd_month", "USD a month after the lease's end, when moving"),
)

_CONTRACT = (
    ("usd_month", "USD a month while it is needed"),
    ("ends", "date"),
    ("owed_share", "share of the months left of the term"),
    ("overstay_usd_month", "USD a month after the term, when moving"),
)


def _key(section: Section, table: str, key: str, unit: str) -> Assumption:
    value = getattr(section, key)
    given = key in section.model_fields_set
    return Assumption(
        key=f"{table}.{key}",
        value=_said(value),
        unit=unit,
        source="plan.toml" if given else _PLANNING,
    )


def _said(value: object) -> str:
    """As people write it; numbers without separators, so that they can be read again."""
    if value is None:
        return NOT_GIVEN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


_CONVENTIONS = tuple(
    Assumption(key=f"convention.{key}", value=value, unit="", source="docs/business-case.md")
    for key, value in (
        ("target_during_replication", "the AWS bill in full from replication start"),
        ("source_during_double_run", "in full until the decommission date"),
        ("site_after_exit", "nothing is owed after the last server has left but what lease_owed_share and contracts say"),
        ("site_when_staying", "the lease is renewed at the same cost"),
        ("unknown_target_cost", "the server is left out of both sides"),
        ("unknown_source_cost", "the server is counted with its target cost alone"),
        ("discounting", "each month at its end, at (1 + yearly rate)^(1/12) − 1"),
        (
            "price_changes",
            "today's prices, but where costs.*_share_year says how they rise: at each anniversary of the first month",
        ),
        ("traffic_between_site_and_cloud", "both ways, as far as it was observed"),
    )
)

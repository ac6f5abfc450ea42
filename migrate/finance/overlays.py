"""What stands between list prices and the AWS bill, as lines of their own: private rates, the enterprise discount, support, tax.

Each comes after those before it, so that every list price stays where it was:

1. private rates, each a share off the list price of what it is for; of several that fit the first counts;
2. the enterprise discount, off the parts that the contract names. What has a private rate is left out, unless the request
   says that the two add up. Contracts also exclude the AWS Marketplace, which no plan has, and support;
3. support: a flat share of the bill so far, or the tiers of a plan, which AWS takes of list prices;
4. tax on all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from migrate.finance.axis import Floats
from migrate.finance.lines import Line, Side, cents
from migrate.finance.support_plans import plan_of, support_usd
from migrate.model.names import DATABASE_TARGET
from migrate.model.plan import PlannedServer
from migrate.spec import PrivateRate, Spec

__all__ = ["Agreed", "agreed_usd", "overlay_lines"]

#: By id of a private rate and resource of the bill: USD a month at list price that it is for, one for each server.
Agreed = Mapping[tuple[str, str], Floats]

_DATABASE = re.compile(DATABASE_TARGET)
_AS = {"commitments": "compute"}
#: Resource of the bill by service of a private rate.
_RESOURCES = {
    "ec2": "compute",
    "rds": "compute",
    "windows": "licence",
    "ebs": "storage",
    "snapshots": "backup",
    "transfer": "transfer",
}


def agreed_usd(servers: Sequence[PlannedServer], bill: Mapping[str, Floats], spec: Spec) -> Agreed:
    """What each private rate is for. A charge is counted for the first rate that fits it."""
    if not spec.private_rate:
        return {}
    kinds = [_kind(server.target) for server in servers]
    service = np.array([kind[0] for kind in kinds], dtype=object)
    family = np.array([kind[1] for kind in kinds], dtype=object)
    region = np.array([server.region or "" for server in servers], dtype=object)
    taken = {resource: np.zeros(len(servers), dtype=bool) for resource in bill}
    found: dict[tuple[str, str], Floats] = {}
    for rate in spec.private_rate:
        resource = _RESOURCES[rate.service]
        fits = _fits(rate, service, family, region) & ~taken[resource]
        taken[resource] |= fits
        found[rate.id, resource] = np.where(fits, bill[resource], 0.0)
    return found


def _fits(rate: PrivateRate, service: np.ndarray, family: np.ndarray, region: np.ndarray) -> np.ndarray:
    fits = np.ones(service.size, dtype=bool)
    if rate.service in ("ec2", "rds"):
        fits &= service == rate.service
    if rate.family is not None:
        fits &= family == rate.family.lower()
    return fits if rate.region is None else fits & (region == rate.region)


def _kind(target: str | None) -> tuple[str, str]:
    """Service and family of a target; two empty texts where it is neither an instance nor a managed database."""
    if target is None:
        return "", ""
    database = _DATABASE.match(target)
    if database:
        return "rds", database[2]
    name, dot, _ = target.partition(".")
    return ("ec2", name) if dot else ("", "")


def overlay_lines(
    bill: Sequence[Line], agreed: Mapping[tuple[str, str], Floats], spec: Spec, *, whole: Sequence[Line] = ()
) -> list[Line]:
    """The lines that follow the lines of the bill at list price.

    Parameters
    ----------
    bill
        Lines at list price, one for each resource, all of one side; keys end with ``.resource``.
    agreed
        USD by month at list price that each private rate is for, by id and resource.
    whole
        With a part of the bill, such as what is paid twice: all lines of the whole bill. The part bears its share of what
        is not proportional.
    """
    if not bill:
        return []
    by_resource = {line.key.rpartition(".")[2]: line for line in bill}
    reductions = _private(by_resource, agreed, spec)
    private = [line for _, line in reductions]
    edp = _edp(by_resource, reductions, spec)
    net = [*bill, *private, *edp]
    support = _support(bill, net, spec, whole)
    return [*private, *edp, *support, *_tax([*net, *support], spec)]


def _private(by_resource: Mapping[str, Line], agreed: Mapping[tuple[str, str], Floats], spec: Spec) -> list[tuple[str, Line]]:
    """With the resource that each line takes from."""
    shares = {rate.id: rate for rate in spec.private_rate}
    lines = []
    for (name, resource), usd in agreed.items():
        line = by_resource.get(resource)
        if line is None or not usd.any():
            continue
        rate = shares[name]
        reduction = replace(
            line,
            key=f"{_prefix(line)}.private_{name}_{resource}",
            label=_label(f"Private rate {name}, {resource}", line.side),
            unit="USD at list price",
            quantity=usd,
            rate_key=f"private_rate[{name}].share",
            rate=-rate.share,
            note=rate.why,
        )
        lines.append((resource, reduction))
    return lines


def _edp(by_resource: Mapping[str, Line], private: Sequence[tuple[str, Line]], spec: Spec) -> list[Line]:
    terms = spec.discounts
    # commitments are compute at another price
    eligible = [line for name, line in by_resource.items() if _AS.get(name, name) in terms.edp_applies_to]
    if terms.edp_share == 0.0 or not eligible:
        return []
    reduced = [line for resource, line in private if resource in terms.edp_applies_to]
    base = np.sum([line.amount for line in eligible], axis=0)
    stacked = terms.edp_on_private_rates or not reduced
    for line in reduced:
        base = base + (line.amount if terms.edp_on_private_rates else -line.amount / (line.rate or -1.0))
    first = eligible[0]
    return [
        Line(
            key=f"{_prefix(first)}.edp",
            label=_label("Enterprise discount", first.side),
            side=first.side,
            group=first.group,
            category=first.category,
            unit="USD of eligible charges",
            quantity=cents(base),
            rate_key="discounts.edp_share",
            rate=-terms.edp_share,
            of=tuple(line.key for line in [*eligible, *reduced]) if stacked else (),
            note=f"Assumed to be for {', '.join(terms.edp_applies_to)}, over the whole horizon; the contract says"
            + ("" if stacked else "; what has a private rate is left out"),
        )
    ]


def _support(bill: Sequence[Line], net: Sequence[Line], spec: Spec, whole: Sequence[Line]) -> list[Line]:
    first = bill[0]
    plan = plan_of(spec.support)
    common = Line(
        key=f"{_prefix(first)}.support",
        label=_label("AWS support", first.side),
        side=first.side,
        group=first.group,
        category=first.category,
        unit="USD of AWS bill",
        quantity=_sum(net),
        rate_key="costs.support_share",
        rate=spec.costs.support_share,
        of=tuple(line.key for line in net),
    )
    if plan is None:
        return [common]
    charges = _sum(bill)
    usd = support_usd(plan, charges)
    if whole:
        of_all = _sum([line for line in whole if line.key.rpartition(".")[2] in {one.key.rpartition(".")[2] for one in bill}])
        usd = np.divide(charges * support_usd(plan, of_all), of_all, out=np.zeros_like(charges), where=of_all > 0.0)
    tiers = ", ".join(f"{share:.4g} {'above' if top == np.inf else f'up to {top:,.0f} USD'}" for top, share in plan.tiers)
    note = f"{plan.label}: shares of the month's list prices {tiers}; at least {plan.minimum_usd:,.0f} USD. Source: {plan.source}"
    return [replace(common, quantity=usd, unit="USD", rate_key="", rate=None, of=(), note=note)]


def _tax(taxed: Sequence[Line], spec: Spec) -> list[Line]:
    if spec.discounts.tax_share == 0.0:
        return []
    first = taxed[0]
    return [
        Line(
            key=f"{_prefix(first)}.tax",
            label=_label("Tax on the AWS bill", first.side),
            side=first.side,
            group=first.group,
            category="tax",
            unit="USD of AWS bill",
            quantity=_sum(taxed),
            rate_key="discounts.tax_share",
            rate=spec.discounts.tax_share,
            of=tuple(line.key for line in taxed),
        )
    ]


def _sum(lines: Sequence[Line]) -> Floats:
    return cents(np.sum([line.amount for line in lines], axis=0))


def _prefix(line: Line) -> str:
    return line.key.partition(".")[0]


def _label(text: str, side: Side) -> str:
    return text if side == "moving" else f"{text}, paid twice"

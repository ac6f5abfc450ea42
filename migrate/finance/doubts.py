"""What the business case cannot know, or what a reader must not miss, as findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import NEVER, Axis
from migrate.finance.fates import Fates
from migrate.finance.figure_doubts import figure_doubts
from migrate.finance.sites import SiteDays
from migrate.findings import Finding, Severity
from migrate.model.plan import BusinessCase, PlannedWave, SiteExit
from migrate.spec import Spec

__all__ = ["doubts"]


def doubts(
    case: BusinessCase, fates: Fates, days: Sequence[SiteDays], waves: Sequence[PlannedWave], *, spec: Spec, axis: Axis
) -> list[Finding]:
    """All findings of the stage. Coverage is told once for the plan: each server has its own finding already."""
    found = [*_coverage(fates, spec), *_horizon(case, waves, spec, axis)]
    for each, site in zip(days, case.site_exits, strict=True):
        found += _site(each, site)
    return [*found, *figure_doubts(case, fates, spec)]


def _coverage(fates: Fates, spec: Spec) -> list[Finding]:
    found = []
    moving, priced = int(fates.moves.sum()), int((fates.moves & fates.target_known).sum())
    if priced < moving:
        found.append(
            Finding(
                code="target-cost-unknown",
                severity=Severity.warning,
                subject=spec.plan.name,
                message=f"The business case covers {priced} of {moving} moving servers: what the rest cost at the target "
                "is unknown, so they are left out of both sides",
                remedy="Complete what is missing for these servers (their findings say what) and plan again.",
            )
        )
    unknown = int(np.sum(~fates.source_known))
    leaving = int(np.sum(~fates.source_known & (fates.leave < NEVER)))
    if unknown:
        effect = f"{leaving} of them leave, so the saving is understated" if leaving else "all of them stay on either side"
        found.append(
            Finding(
                code="source-cost-unknown",
                severity=Severity.warning if leaving else Severity.info,
                subject=spec.plan.name,
                message=f"What {unknown} of {fates.leave.size} servers cost today is unknown and not counted: {effect}",
                remedy="Add their vCPUs, memory and disks to an inventory.",
            )
        )
    nowhere = sum(site is None for site in fates.site)
    if nowhere and spec.site:
        found.append(
            Finding(
                code="server-without-site",
                severity=Severity.info,
                subject=spec.plan.name,
                message=f"{nowhere} of {fates.leave.size} servers are at no known site, so they count for no site's exit",
                remedy="Name their data center in an inventory, or add its name there to `site.match`.",
            )
        )
    return found


def _horizon(case: BusinessCase, waves: Sequence[PlannedWave], spec: Spec, axis: Axis) -> list[Finding]:
    found = []
    late = [wave.wave for wave in waves if axis.day(wave.decommission_date) > axis.days]
    if late:
        found.append(
            Finding(
                code="wave-beyond-horizon",
                severity=Severity.warning,
                subject=f"wave {late[0]}",
                message=f"Waves that end after the business case, which ends with {case.months[-1].month:%B %Y}: "
                f"{', '.join(str(number) for number in late)}",
                remedy="Raise `plan.horizon_years`.",
            )
        )
    if waves and case.payback_month is None:
        found.append(
            Finding(
                code="never-pays-back",
                severity=Severity.warning,
                subject=spec.plan.name,
                message=f"Within {spec.plan.horizon_years} years moving does not cost less than staying",
                remedy="Check the source costs in [costs] and [[site]] against the books; then consider reserved terms.",
            )
        )
    if spec.staff.transfer_date is not None and spec.costs.partner_usd_month == 0:
        found.append(
            Finding(
                code="partner-fee-unset",
                severity=Severity.info,
                subject=spec.staff.partner or spec.plan.name,
                message="Operators change employer, but no fee of the partner is given, so none is counted",
                remedy="Set `costs.partner_usd_month`.",
            )
        )
    return found


def _site(each: SiteDays, site: SiteExit) -> list[Finding]:
    found = []
    if each.servers == 0:
        found.append(
            Finding(
                code="site-without-servers",
                severity=Severity.warning,
                subject=site.site,
                message="No server of this site is known, so its fixed cost is counted to the end",
                remedy="Read an inventory of this site, or give the name it has there in `site.match`.",
            )
        )
    elif each.exit_day >= NEVER:
        found.append(
            Finding(
                code="site-blocked",
                severity=Severity.warning,
                subject=site.site,
                message=f"The site is never left: {len(each.blockers)} of its {each.servers} servers stay "
                f"({', '.join(site.blocked_by[:5])}{', …' if len(site.blocked_by) > 5 else ''})",
                remedy="Decide on these servers, or set `colocation_usd_month` of the site to what housing them elsewhere costs.",
            )
        )
    if site.exit_date is not None and site.lease_end is not None and site.exit_date > site.lease_end:
        found.append(
            Finding(
                code="exit-after-lease",
                severity=Severity.error,
                subject=site.site,
                message=f"The site is empty on {site.exit_date}, {(site.exit_date - site.lease_end).days} days after its "
                f"lease ends on {site.lease_end}",
                remedy="Extend the lease, add crews or bandwidth, or shorten `waves.hypercare_days`.",
            )
        )
    if each.site.fixed_cost_usd_month == 0:
        found.append(
            Finding(
                code="site-cost-unset",
                severity=Severity.info,
                subject=site.site,
                message="No fixed cost of this site is given, so leaving it saves nothing in the business case",
                remedy="Set `fixed_cost_usd_month` of the site.",
            )
        )
    return found

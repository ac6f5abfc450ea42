"""Figures of applications, waves and sites."""

from __future__ import annotations

from migrate.finance.axis import NEVER
from migrate.model.plan import PlannedApplication, PlannedServer, PlannedWave, SiteExit
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.months import line_total
from migrate.reports.trace.node import Node, apart, minus
from migrate.reports.trace.servers import server_cost, server_source_cost

__all__ = ["APPLICATION", "SERVER", "SITE", "WAVE", "application_figure", "server_figure", "site_figure", "wave_figure"]

APPLICATION = ("cost", "source_cost", "risk", "servers", "crew_h")
WAVE = ("cost", "servers", "applications", "risk", "loss", "data_gib")
SITE = ("exit", "saved")
SERVER = ("cost", "source_cost")


def application_figure(ledger: Ledger, application: PlannedApplication, field: str) -> Node:
    """One figure of an application."""
    figure, name = f"application.{application.application}.{field}", application.application
    servers = ledger.members.get(name, [])
    if field == "cost":
        moving = [server for server in servers if server.wave is not None]
        return Node(
            figure,
            f"{name}, AWS a month",
            application.cost_usd_month,
            "USD a month",
            f"Σ of its moving servers; known for {application.priced_servers:,} of {application.moving_servers:,}",
            application.source,
            "+",
            lambda: [server_cost(ledger, server) for server in moving],
        )
    if field == "source_cost":
        return Node(
            figure,
            f"{name}, at the source a month",
            application.source_cost_usd_month,
            "USD a month",
            "Σ of its servers",
            application.source,
            "+",
            lambda: [server_source_cost(ledger, server) for server in servers],
        )
    if field == "risk":
        return Node(
            figure,
            f"{name}, risk score",
            application.risk_score,
            "of 100",
            f"points of the rules that apply, of {application.risk_maximum:g} that could be assessed, times 100",
            f"{application.source}; docs/risk-rules.md",
            inputs=lambda: [Node("", hit.rule, hit.points, "points", hit.detail) for hit in application.risks],
        )
    if field == "crew_h":
        return Node(
            figure,
            f"{name}, crew hours",
            round(sum(application.crew_h.values()), 2),
            "h",
            "Σ over skills, by [effort]",
            application.source,
            "+",
            lambda: [Node("", skill, application.crew_h[skill], "h", role="+") for skill in sorted(application.crew_h)],
        )
    return Node(
        figure,
        f"{name}, servers",
        application.servers,
        "servers",
        f"{application.moving_servers:,} of them move",
        application.source,
        "+",
        lambda: [_one(ledger, server) for server in servers],
    )


def _one(ledger: Ledger, server: PlannedServer) -> Node:
    said = f"{server.disposition or 'undecided'}: {server.disposition_reason}"
    return Node(f"server.{ledger.key_of(server)}.cost", server.name, 1, "servers", said, server.source, "+")


def server_figure(ledger: Ledger, server: PlannedServer, field: str) -> Node:
    """One figure of a server."""
    return server_cost(ledger, server) if field == "cost" else server_source_cost(ledger, server)


def wave_figure(ledger: Ledger, wave: PlannedWave, field: str) -> Node:
    """One figure of a wave."""
    figure, label = f"wave.{wave.wave}.{field}", f"Wave {wave.wave}"
    members = [ledger.applications[name] for name in wave.applications if name in ledger.applications]
    dated = f"cut over on {wave.date}, replicated from {wave.replication_start}"
    if field == "cost":
        return Node(
            figure,
            f"{label}, AWS a month",
            wave.cost_usd_month,
            "USD a month",
            "Σ of its applications",
            dated,
            "+",
            lambda: [application_figure(ledger, each, "cost") for each in members],
        )
    if field == "servers":
        return Node(
            figure,
            f"{label}, servers",
            wave.servers,
            "servers",
            "Σ of the moving servers of its applications",
            dated,
            "+",
            lambda: [_moving(each) for each in members],
        )
    if field == "applications":
        return Node(
            figure,
            f"{label}, applications",
            len(wave.applications),
            "applications",
            "counted",
            dated,
            "+",
            lambda: [
                Node(f"application.{each.application}.servers", each.application, 1, "applications", role="+") for each in members
            ],
        )
    if field == "data_gib":
        return Node(
            figure,
            f"{label}, data",
            wave.data_gib,
            "GiB",
            "Σ of its applications, used where known",
            dated,
            "+",
            lambda: [Node("", each.application, each.data_gib, "GiB", "", each.source, "+") for each in members],
        )
    if field == "loss":
        loss = wave.expected_loss_usd
        return Node(
            figure,
            f"{label}, expected loss",
            loss.likely,
            "USD",
            f"{loss.low:,.0f} to {loss.high:,.0f}: {loss.reason}",
            dated,
            "+",
            lambda: [_failing(each) for each in members],
        )
    return Node(
        figure,
        f"{label}, risk score",
        wave.risk_score,
        "of 100",
        "of the riskiest application, raised by what the wave piles up",
        "docs/risk-rules.md",
        "",
        lambda: [apart(application_figure(ledger, each, "risk")) for each in _riskiest(members)],
    )


def _moving(application: PlannedApplication) -> Node:
    name = application.application
    return Node(f"application.{name}.servers", name, application.moving_servers, "servers", "that move", application.source, "+")


def _failing(application: PlannedApplication) -> Node:
    odds = f"fails with a probability of {application.failure_probability:.3f}, at {application.outage_usd_h:,.0f} USD an hour"
    name = application.application
    return Node(f"application.{name}.risk", name, application.failure_probability, "probability", odds, application.source)


def _riskiest(members: list[PlannedApplication]) -> list[PlannedApplication]:
    return sorted(members, key=lambda each: (-each.risk_score, each.application))


def site_figure(ledger: Ledger, leaving: SiteExit, field: str) -> Node:
    """When a site is empty, or what leaving it saves."""
    figure = f"site.{leaving.site}.{field}"
    place = next(k for k, each in enumerate(ledger.case.site_exits) if each is leaving)
    if field == "saved":
        lines = [line for line in ledger.case.lines if line.key.startswith((f"site.{place}.", f"stay-site.{place}."))]
        return Node(
            figure,
            f"{leaving.site}, fixed costs avoided",
            leaving.saved_usd,
            "USD",
            "staying − moving, over the horizon",
            "",
            "+",
            lambda: [x if line.side == "staying" else minus(x) for line in lines for x in [line_total(ledger, line)]],
        )
    blocked = f"kept open by {', '.join(leaving.blocked_by)}" if leaving.blocked_by else "on the day its last server has left"
    return Node(
        figure,
        f"{leaving.site}, empty on",
        leaving.exit_date,
        "",
        blocked,
        f"lease ends {leaving.lease_end or 'unknown'}",
        "",
        lambda: _last(ledger, leaving),
    )


def _last(ledger: Ledger, leaving: SiteExit) -> list[Node]:
    """The servers that leave a site last."""
    names = {name.casefold() for site in ledger.spec.site if site.name == leaving.site for name in (site.name, *site.match)}
    fates = ledger.fates
    here = [at for at, site in enumerate(fates.site) if (site or "").strip().casefold() in names and fates.leave[at] < NEVER]
    nodes = []
    for at in sorted(here, key=lambda at: (-int(fates.leave[at]), at))[:50]:
        server = ledger.plan.servers[at]
        said = f"wave {server.wave}" if server.wave is not None else "retired"
        when = ledger.axis.date(int(fates.leave[at]))
        nodes.append(Node(f"server.{ledger.key_of(server)}.cost", server.name, when, "", f"leaves with {said}", server.source))
    return nodes

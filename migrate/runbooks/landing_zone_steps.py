"""What is built in wave 0, step by step: accounts, access, network, links, names, monitoring, replication."""

from __future__ import annotations

from migrate.model.names import MOVING
from migrate.runbooks.clock import Clock
from migrate.runbooks.contents import Contents
from migrate.runbooks.controls import is_health_data
from migrate.runbooks.draft import DraftStep
from migrate.runbooks.durations import fixed
from migrate.runbooks.owners import CHANGE, NETWORK, PARTNERS, PLATFORM, SECURITY
from migrate.runbooks.runbook import Partner, Phase

__all__ = ["building_steps"]


def building_steps(contents: Contents, clock: Clock, partners: tuple[Partner, ...]) -> list[DraftStep]:
    """Steps of the weeks before the landing zone is accepted."""
    return [*_foundations(contents, clock), *_network(contents, clock, partners), *_tools(contents, clock)]


def _step(key: str, days: float, clock: Clock, owner: str, texts: tuple[str, str, str, str], after: tuple[str, ...]) -> DraftStep:
    title, action, check, rollback = texts
    return DraftStep(
        key=key,
        phase=Phase.readiness,
        title=title,
        action=action,
        check=check,
        rollback=rollback,
        owner=owner,
        starts=clock.workday(days),
        duration=fixed(8, 16, 40, "working hours of one or two people"),
        after=after,
    )


def _foundations(contents: Contents, clock: Clock) -> list[DraftStep]:
    regions = ", ".join(contents.plan.spec.target.regions)
    health = any(is_health_data(a) for a in contents.plan.applications if a.moving_servers)
    keys = "one key per region and data class, rotated yearly" + ("; a key of its own for patients' data" if health else "")
    made = [
        _step(
            "accounts",
            50,
            clock,
            PLATFORM,
            (
                "Set up accounts and guard rails",
                "Create management, log archive, security, network, shared services and workload accounts; allow "
                f"{regions} only.",
                "A denied region refuses a test launch; the root users have hardware keys.",
                "Close the accounts.",
            ),
            (),
        ),
        _step(
            "access",
            45,
            clock,
            SECURITY,
            (
                "Set up access, logging and keys",
                f"Connect single sign-on, roles per crew and break-glass access; CloudTrail, Config and flow logs; {keys}.",
                "Every crew member logs on with the planned role and is refused beyond it; events arrive in the archive.",
                "Remove the roles; keys are scheduled for deletion.",
            ),
            ("accounts",),
        ),
    ]
    if health:
        made.append(
            _step(
                "baa",
                42,
                clock,
                SECURITY,
                (
                    "Accept the business associate addendum",
                    "Accept it in AWS Artifact for every account that will hold patients' data; list the eligible "
                    "services in use.",
                    "The addendum is active; service control policies refuse services that are not eligible.",
                    "None: no patient data is there yet.",
                ),
                ("accounts",),
            )
        )
    return made


def _network(contents: Contents, clock: Clock, partners: tuple[Partner, ...]) -> list[DraftStep]:
    spec = contents.plan.spec
    links = (
        "; ".join(f"{link.from_} with {link.bandwidth_mbit_s:,.0f} Mbit/s" for link in spec.link) or "none is declared: order one"
    )
    sites = sorted({server.site for server in contents.plan.servers if server.site and server.disposition in MOVING})
    made = [
        _step(
            "network",
            40,
            clock,
            NETWORK,
            (
                "Build the network",
                "Create the VPCs, subnets in three zones, transit gateway and routes; address ranges do not overlap "
                "the data centers.",
                "Routes exist from every subnet to every site and back, and to nothing else.",
                "Delete the network from its code.",
            ),
            ("accounts",),
        ),
        _step(
            "links",
            38,
            clock,
            NETWORK,
            (
                f"Bring the links into service ({links})",
                f"Connect {', '.join(sites) or 'the sites'} over two paths each; measure bandwidth, latency and failover.",
                "Measured for 24 hours: bandwidth at least 95 % of the contract, failover under 60 seconds.",
                "Take the links out of routing.",
            ),
            ("network",),
        ),
        _step(
            "names",
            30,
            clock,
            NETWORK,
            (
                "Extend DNS and directory",
                "Create private zones and resolver endpoints, domain controllers at the target, time service.",
                "Names resolve in both directions from every site; log-on at the target survives the loss of the links.",
                "Remove the resolver rules.",
            ),
            ("links",),
        ),
    ]
    if partners:
        made.append(
            _step(
                "partners",
                35,
                clock,
                PARTNERS,
                (
                    f"Write to {len(partners)} external parties",
                    "Send the new address ranges and endpoints of section Partners and ask for the time they need to change.",
                    "Every party has answered with a date before the wave that concerns it.",
                    "None needed.",
                ),
                ("network",),
            )
        )
    return made


def _tools(contents: Contents, clock: Clock) -> list[DraftStep]:
    shared = [a.application for a in contents.plan.applications if a.shared_service]
    named = f" for {', '.join(shared[:6])}{' and others' if len(shared) > 6 else ''}" if shared else ""
    rows = [
        (
            "quotas",
            30,
            CHANGE,
            (
                "Raise quotas and register standard changes",
                f"Ask for vCPUs of the largest wave ({max((wave.servers for wave in contents.plan.waves), default=0)} "
                "servers) and its "
                "double for tests; volumes, addresses and database instances likewise.",
                "Quotas cover the largest wave twice in every region.",
                "None needed.",
            ),
            ("accounts",),
        ),
        (
            "monitoring",
            20,
            PLATFORM,
            (
                "Set up monitoring, backup and patching",
                f"Agents, dashboards, alarms to the service desk, backup plans by RPO, patch windows{named}.",
                "A test server pages the desk, is backed up, restored and patched.",
                "Remove the plans.",
            ),
            ("access", "network"),
        ),
        (
            "replication",
            10,
            PLATFORM,
            (
                "Prepare replication and rehearse",
                "Set up replication servers and launch templates; rehearse the first wave on mocked AWS, then with two "
                "test servers.",
                "Both test servers are launched, validated and returned within their time; the rehearsal passed.",
                "Delete the test servers.",
            ),
            ("links", "names", "monitoring", "quotas"),
        ),
    ]
    return [_step(key, days, clock, owner, texts, after) for key, days, owner, texts, after in rows]

"""What becomes of a server: an ordered list of rules, of which the first that applies decides.

Each rule is data: an id, what it decides, how sure that is, why (a sentence, with figures where it has some), when it
applies, and what it rests on. The order is the order of precedence; the last rule applies to every server.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from migrate.model.names import DISPOSITIONS

__all__ = ["DECLARED", "HINTS", "Rule", "add_dispositions", "prices", "rules"]


@dataclass(frozen=True)
class Rule:
    """One way to a disposition.

    Attributes
    ----------
    id
        Kebab-case.
    disposition
        What it decides, as a name or a column.
    confidence
        0 to 1: how likely the decision stands once its owner has been asked. Planning values of this project.
    reason
        A sentence for the plan.
    when
        Null counts as false.
    reference
        What the rule rests on.
    """

    id: str
    disposition: pl.Expr
    confidence: pl.Expr
    reason: pl.Expr
    when: pl.Expr
    reference: str


#: What application lists write about the fate of an application: pattern (lower case) -> disposition. The first counts.
HINTS: tuple[tuple[str, str], ...] = (
    (r"retire|decommission|sunset|switch(?:ed)? off|end of life", "retire"),
    (r"retain|keep|stay|remain|revisit|on[- ]prem", "retain"),
    (r"saas|repurchase|replace|drop and shop|buy", "repurchase"),
    (r"re-?platform|managed service|lift.*(?:tinker|optimi|reshape)", "replatform"),
    (r"re-?factor|re-?architect|re-?build|re-?write|moderni|cloud[- ]native", "refactor"),
    (r"relocate|vmware cloud|hypervisor", "relocate"),
    (r"re-?host|lift", "rehost"),
)

#: Rules by which people have said what becomes of a server.
DECLARED = ("decided", "hint")

_STRATEGIES = "AWS Prescriptive Guidance, Migration strategies (7R)"
_NITRO = "AWS, EC2 instance types guide, Nitro System requirements; MGN User Guide, Supported operating systems"

#: Operating systems without the drivers (ENA, NVMe) that current instance types need: pattern, lower case.
_NO_DRIVERS = (
    r"win[^\d]*(?:nt|2000|2k3|2003|\bxp\b|vista)",
    r"(?:red ?hat|rhel|centos|oracle linux)[^\d]*[345](?:\.\d+)?(?:$|[^\d./])",
    r"(?:sles|suse linux)[^\d]*(?:9|10)(?:\.\d+)?(?:$|[^\d./])",
    r"32[- ]?bit",
)
_DESKTOP = r"windows (?:xp|vista|7|8|8\.1|10|11)(?:$|[^\d.])"

_IDLE_CPU_PCT = 2.0  # Azure Migrate and AWS call a server with a peak CPU of at most 5 % idle; this is the stricter side
_IDLE_DAYS = 14.0


def rules(start: dt.date, observed_days: int) -> tuple[Rule, ...]:
    """The rules, for a programme that begins on `start` and flows of so many days (0: none)."""
    return (*_decided_and_fixed(), *_unused(observed_days), *_moving(start))


def _decided_and_fixed() -> tuple[Rule, ...]:
    """Rules that need no estimate."""
    unix = pl.col("os_family").cast(pl.String) == "unix"
    bsd = pl.col("os_name").str.to_lowercase().str.contains("bsd").fill_null(value=False)
    return (
        Rule(
            "decided",
            pl.col("decided"),
            pl.lit(1.0),
            pl.format("decided: {}", pl.col("why")),
            pl.col("decided").is_not_null(),
            "plan.toml, [[disposition]]",
        ),
        Rule(
            "mainframe",
            pl.lit("retain"),
            pl.lit(0.95),
            pl.lit("a mainframe has no like-for-like target; it stays until a programme of its own moves its applications"),
            (pl.col("kind").cast(pl.String) == "mainframe") | (pl.col("os_family").cast(pl.String) == "zos"),
            _STRATEGIES,
        ),
        Rule(
            "unix",
            pl.lit("retain"),
            pl.lit(0.7),
            pl.format("{} does not run on EC2; its applications must be ported first", pl.col("os_name").fill_null("Unix")),
            unix & ~bsd,
            _NITRO,
        ),
        Rule(
            "appliance",
            pl.lit("retain"),
            pl.lit(0.6),
            pl.lit("an appliance is not copied; its maker's cloud edition replaces it, or it stays"),
            pl.col("kind").cast(pl.String) == "appliance",
            _STRATEGIES,
        ),
        Rule(
            "hint",
            pl.col("hinted"),
            pl.lit(0.8),
            pl.format("the application list says {}", pl.col("hint").str.slice(0, 80)),
            pl.col("hinted").is_not_null(),
            "application list",
        ),
    )


def _unused(observed_days: int) -> tuple[Rule, ...]:
    """Rules for servers that nobody seems to use. A recovery server is meant to be silent."""
    lonely = ~pl.col("claimed") & ~pl.col("connected") & pl.col("environment").cast(pl.String).ne_missing("dr")
    silence = f"no traffic in {observed_days} days" if observed_days else "no flow records to show whether it is used"
    sure = 0.7 if observed_days else 0.5
    idle = (pl.col("cpu_p95_pct") <= _IDLE_CPU_PCT) & (pl.col("observed_days") >= _IDLE_DAYS) & ~pl.col("off")
    return (
        Rule(
            "off-and-orphaned",
            pl.lit("retire"),
            pl.lit(sure),
            pl.lit(f"switched off, claimed by no application, {silence}"),
            lonely & pl.col("off"),
            _STRATEGIES,
        ),
        Rule(
            "idle-and-orphaned",
            pl.lit("retire"),
            pl.lit(0.5),
            pl.format(
                f"CPU at most {{}} % at the 95th percentile, claimed by no application, {silence}", pl.col("cpu_p95_pct").round(1)
            ),
            lonely & idle & pl.lit(observed_days > 0),
            _STRATEGIES,
        ),
    )


def _moving(start: dt.date) -> tuple[Rule, ...]:
    """Rules for servers that move: by what has to be done to them."""
    name = pl.col("os_name").str.to_lowercase()
    old_windows = name.str.contains("win[^\\d]*(?:2008|2k8)") & ~name.str.contains("r2")
    no_drivers = pl.any_horizontal([name.str.contains(pattern) for pattern in _NO_DRIVERS] + [old_windows])
    end = pl.col("end_of_support")
    return (
        Rule(
            "managed-database",
            pl.lit("replatform"),
            pl.lit(0.6),
            pl.format(
                "runs {} alone, is not mission-critical, and a managed database is not dearer than a server and its care: {}",
                "engine",
                prices(),
            ),
            pl.col("database_worth"),
            _STRATEGIES,
        ),
        Rule(
            "desktop-system",
            pl.lit("replatform"),
            pl.lit(0.5),
            pl.format(
                "{} is a desktop system, for which EC2 has no licence: a virtual desktop, or a server release", pl.col("os_name")
            ),
            name.str.contains(_DESKTOP),
            "Microsoft, Windows licensing on outsourced infrastructure; AWS, Microsoft licensing FAQ",
        ),
        Rule(
            "no-drivers",
            pl.lit("replatform"),
            pl.lit(0.7),
            pl.format("{} has no drivers for current instance types: rebuild on a supported release", pl.col("os_name")),
            no_drivers,
            _NITRO,
        ),
        Rule(
            "support-ended",
            pl.lit("rehost"),
            pl.lit(0.7),
            pl.format("moves as it is; support of {} ended on {}: upgrade it on the way or soon after", pl.col("os_name"), end),
            end < pl.lit(start),
            "migrate.model.support",
        ),
        Rule(
            "off-and-claimed",
            pl.lit("rehost"),
            pl.lit(0.4),
            pl.lit("switched off, but claimed, in use or for recovery: kept until its owner says otherwise"),
            pl.col("off"),
            _STRATEGIES,
        ),
        Rule(
            "unknown-system",
            pl.lit("rehost"),
            pl.lit(0.4),
            pl.lit("moves as it is; its operating system is not known"),
            pl.col("os_name").is_null() & pl.col("os_family").is_null(),
            _STRATEGIES,
        ),
        Rule("default", pl.lit("rehost"), pl.lit(0.8), pl.lit("moves as it is"), pl.lit(value=True), _STRATEGIES),
    )


def prices() -> pl.Expr:
    """The two monthly prices between which the choice was made, in words."""
    named = pl.col("database_target").str.extract(r"^rds:(\S+)")
    usd = [pl.col(f"{name}_usd_month").round(0).cast(pl.Int64) for name in ("database", "spared", "rehost")]
    managed = pl.format("{} for {} USD a month, less {} of operations spared, against ", named, usd[0], usd[1])
    against = pl.when(pl.col("rehost_usd_month").is_not_null()).then(pl.format("{} rehosted", usd[2]))
    return pl.concat_str(managed, against.otherwise(pl.lit("no type that is large enough")))


def add_dispositions(facts: pl.DataFrame, start: dt.date, observed_days: int) -> pl.DataFrame:
    """Add `disposition`, `disposition_reason`, `disposition_confidence` and `disposition_rule` (the id that decided)."""
    hint = pl.col("hint").str.to_lowercase()
    hinted = pl.coalesce([pl.when(hint.str.contains(pattern)).then(pl.lit(what)) for pattern, what in HINTS])
    ordered = rules(start, observed_days)
    return facts.with_columns(hinted=hinted).with_columns(
        _first(ordered, "disposition").cast(pl.Enum(DISPOSITIONS)).alias("disposition"),
        _first(ordered, "confidence").alias("disposition_confidence"),
        _first(ordered, "reason").alias("disposition_reason"),
        pl.coalesce([pl.when(rule.when).then(pl.lit(rule.id)) for rule in ordered]).alias("disposition_rule"),
    )


def _first(ordered: tuple[Rule, ...], part: str) -> pl.Expr:
    return pl.coalesce([pl.when(rule.when).then(getattr(rule, part)) for rule in ordered])

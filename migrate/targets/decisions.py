"""Dispositions that people have decided: ``[[disposition]]`` of plan.toml."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity
from migrate.spec import Disposition

__all__ = ["add_decisions"]

#: Column by kind of selector.
_COLUMNS = {"domain": "domain", "owner": "business_owner", "criticality": "criticality", "data": "data_class", "site": "site"}

_SCHEMA = {"name": pl.String, "decided": pl.String, "why": pl.String}


def add_decisions(facts: pl.DataFrame, decisions: tuple[Disposition, ...]) -> tuple[pl.DataFrame, list[Finding]]:
    """Add `decided` and `why` where plan.toml decides; null elsewhere.

    A decision for a server goes before one for its application, and that before one for a selector; of several for the
    same subject the first counts. Names are compared without regard to case; a server is named by its name or its id.
    """
    findings: list[Finding] = []
    by_server, by_application = _table(decisions, "server", findings), _table(decisions, "application", findings)
    keys = facts.select("server_id", "name", "application", low=pl.col("name").str.to_lowercase())
    keys = keys.with_columns(low_id=pl.col("server_id").str.to_lowercase(), low_app=pl.col("application").str.to_lowercase())
    joined = keys.join(by_server, left_on="low", right_on="name", how="left", maintain_order="left")
    joined = joined.join(by_server, left_on="low_id", right_on="name", how="left", suffix="_id", maintain_order="left")
    joined = joined.join(by_application, left_on="low_app", right_on="name", how="left", suffix="_app", maintain_order="left")
    findings += _strangers(by_server, {*keys["low"], *keys["low_id"]}, "server")
    findings += _strangers(by_application, set(keys["low_app"].drop_nulls()), "application")
    added = joined.select(
        decided=pl.coalesce("decided", "decided_id", "decided_app"), why=pl.coalesce("why", "why_id", "why_app")
    )
    chosen = facts.hstack(added)
    for decision in decisions:
        if decision.of is None:
            continue
        meant = chosen.select(_means(decision.of, chosen)).to_series()
        if not meant.any():
            findings.append(_stranger(decision.of, "selector"))
        here = meant & chosen["decided"].is_null()
        chosen = chosen.with_columns(
            decided=pl.when(here).then(pl.lit(decision.disposition)).otherwise("decided"),
            why=pl.when(here).then(pl.lit(decision.why)).otherwise("why"),
        )
    return chosen, findings


def _means(selector: str, facts: pl.DataFrame) -> pl.Expr:
    """Which servers a selector means; none where its kind is not known."""
    kind, colon, value = selector.lower().partition(":")
    column = _COLUMNS.get(kind.strip())
    if not colon or column is None:
        return pl.repeat(False, pl.len())
    text = pl.col(column).cast(pl.String).str.to_lowercase()
    return (text.is_not_null() if value.strip() == "*" else text == value.strip()).fill_null(value=False)


def _table(decisions: tuple[Disposition, ...], kind: str, findings: list[Finding]) -> pl.DataFrame:
    """Decisions of one kind by lower-case name; a contradiction becomes a finding."""
    known: dict[str, Disposition] = {}
    for decision in decisions:
        name = getattr(decision, kind)
        if name is None:
            continue
        first = known.setdefault(name.lower(), decision)
        if first.disposition != decision.disposition:
            findings.append(
                Finding(
                    code="decision-contradicted",
                    severity=Severity.warning,
                    subject=name,
                    source="plan.toml",
                    message=f"The {kind} is to {first.disposition} and to {decision.disposition}; the first counts",
                    remedy="Keep one [[disposition]] for it.",
                )
            )
    rows = [(name, decision.disposition, decision.why) for name, decision in sorted(known.items())]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _strangers(table: pl.DataFrame, known: set[str], kind: str) -> list[Finding]:
    return [_stranger(name, kind) for name in table["name"].to_list() if name not in known]


def _stranger(name: str, kind: str) -> Finding:
    return Finding(
        code="decision-names-nothing",
        severity=Severity.warning,
        subject=name,
        source="plan.toml",
        message=f"A [[disposition]] names the {kind} {name!r}, and there is none of that name",
        remedy="Correct the name, or remove the decision.",
    )

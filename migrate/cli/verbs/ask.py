"""Verbs that ask something of a plan: explain, check, score, schema."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrate.cli.app import JsonOption, PlanArgument
from migrate.errors import GateError

if TYPE_CHECKING:
    from migrate.model.plan import Plan

__all__ = ["register"]


class Schema(StrEnum):
    """Which schema to print."""

    plan = "plan"
    request = "request"
    both = "both"


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(epilog='Example: `migrate explain plans/health12/out/plan.json "Claims Clearinghouse"`')(explain)
    app.command(epilog="Example: `migrate check plans/health12/out/plan.json`")(check)
    app.command(epilog="Example: `migrate score plans/health12/out/plan.json --waves edited.xlsx`")(score)
    app.command(epilog="Example: `migrate schema plan > plan.schema.json`")(schema)


def explain(
    plan: PlanArgument,
    application: Annotated[str, typer.Argument(help="Name of an application.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say why an application is in its wave, and what each other wave would cost, term by term."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_judgement import tell_explanation
    from migrate.model.plan import load_plan
    from migrate.waves import explain as explain_application

    explanation = explain_application(load_plan(plan), application)
    if as_json:
        print_json(explanation)
    else:
        tell_explanation(explanation)


def check(
    plan: PlanArgument,
    as_json: JsonOption = False,
) -> None:
    """Test a plan, also a hand-edited one, against every rule of its request. Exit code 3 if any is broken."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_judgement import tell_extra_costs, tell_soft_costs, tell_stale, tell_violations
    from migrate.model.plan import load_plan
    from migrate.pipeline import renew
    from migrate.waves import check_plan, price_extra_capacity, price_soft_rules

    loaded = load_plan(plan)
    violations = check_plan(loaded)
    if as_json:
        print_json([violation.model_dump(mode="json") for violation in violations])
    else:
        tell_violations(violations)
        tell_soft_costs(price_soft_rules(loaded))
        tell_extra_costs(price_extra_capacity(loaded))
        tell_stale(loaded, renew(loaded))
    if violations:
        rules = "rule is" if len(violations) == 1 else "rules are"
        raise GateError(f"{len(violations)} {rules} broken", where=str(plan), remedy="Change the plan or the request.")


def score(
    plan: PlanArgument,
    waves: Annotated[
        Path | None,
        typer.Option(help="An edited table of waves (`migrate export`): judge its edits. Exit code 3 if a rule breaks."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute the objective of a plan, also a hand-edited one, in dollars by term, without solving."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_judgement import tell_score
    from migrate.model.plan import load_plan
    from migrate.waves import score_plan

    loaded = load_plan(plan)
    if waves is not None:
        _score_edits(loaded, waves, as_json=as_json)
        return
    terms = score_plan(loaded)
    if as_json:
        print_json(terms)
    else:
        tell_score(terms, loaded)


def _score_edits(plan: Plan, waves: Path, *, as_json: bool) -> None:
    """Judge an edited table of waves."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_living import tell_edits
    from migrate.readers.wave_table import read_wave_table
    from migrate.waves.edits import score_edits

    scored = score_edits(plan, read_wave_table(waves))
    if as_json:
        print_json(scored)
    else:
        tell_edits(scored)
    if scored.violations:
        broken = "1 rule is" if len(scored.violations) == 1 else f"{len(scored.violations)} rules are"
        raise GateError(f"{broken} broken by the edited plan", where=str(waves), remedy="Change the waves or the request.")


def schema(
    which: Annotated[Schema, typer.Argument(help="Of plan.json, of plan.toml, or both.")] = Schema.both,
) -> None:
    """Print the JSON Schema of plan.json (`plan`), of plan.toml (`request`), or both in one object."""
    from migrate.cli.tables import print_json
    from migrate.model.plan import Plan
    from migrate.spec import Spec

    schemas = {"plan": Plan.model_json_schema(), "request": Spec.model_json_schema()}
    print_json(schemas if which is Schema.both else schemas[which.value])

"""Verbs that ask something of a plan: explain, check, score, schema."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, PlanArgument
from migrate.errors import GateError

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
    app.command(epilog="Example: `migrate score plans/health12/out/plan.json --json`")(score)
    app.command(epilog="Example: `migrate schema plan > plan.schema.json`")(schema)


def explain(
    plan: PlanArgument,
    application: Annotated[str, typer.Argument(help="Name of an application.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say why an application is in its wave, and what each other wave would cost, term by term."""
    from migrate.cli.tables import print_json
    from migrate.cli.told import tell_explanation
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
    from migrate.cli.told import tell_soft_costs, tell_stale, tell_violations
    from migrate.model.plan import load_plan
    from migrate.pipeline import renew
    from migrate.waves import check_plan, price_soft_rules

    loaded = load_plan(plan)
    violations = check_plan(loaded)
    if as_json:
        print_json([violation.model_dump(mode="json") for violation in violations])
    else:
        tell_violations(violations)
        tell_soft_costs(price_soft_rules(loaded))
        tell_stale(loaded, renew(loaded))
    if violations:
        rules = "rule is" if len(violations) == 1 else "rules are"
        raise GateError(f"{len(violations)} {rules} broken", where=str(plan), remedy="Change the plan or the request.")


def score(
    plan: PlanArgument,
    as_json: JsonOption = False,
) -> None:
    """Compute the objective of a plan, also a hand-edited one, in dollars by term, without solving."""
    from migrate.cli.tables import print_json
    from migrate.cli.told import tell_score
    from migrate.model.plan import load_plan
    from migrate.waves import score_plan

    loaded = load_plan(plan)
    terms = score_plan(loaded)
    if as_json:
        print_json(terms)
    else:
        tell_score(terms, loaded)


def schema(
    which: Annotated[Schema, typer.Argument(help="Of plan.json, of plan.toml, or both.")] = Schema.both,
) -> None:
    """Print the JSON Schema of plan.json (`plan`), of plan.toml (`request`), or both in one object."""
    from migrate.cli.tables import print_json
    from migrate.model.plan import Plan
    from migrate.spec import Spec

    schemas = {"plan": Plan.model_json_schema(), "request": Spec.model_json_schema()}
    print_json(schemas if which is Schema.both else schemas[which.value])

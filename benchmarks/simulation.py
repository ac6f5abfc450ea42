"""Seconds that the task plan and its Monte Carlo simulation take: ``python -m benchmarks.simulation``.

    python -m benchmarks.simulation                        # the sample plan health12 with 10,000 runs
    python -m benchmarks.simulation plan.json …            # plans that are there already
    python -m benchmarks.simulation --applications 5000    # a made-up plan with seven servers to an application

Prints one JSON line each. Seconds are of the processor, after one small run that compiles or loads the kernels.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from pathlib import Path

import numpy as np

from migrate.model.plan import Candidate, Plan, PlannedApplication, PlannedServer, PlannedWave, Range, load_plan
from migrate.pipeline import make_plan
from migrate.spec import Spec
from migrate.waves.schedule.make import schedule_tasks
from migrate.waves.schedule.outlook import look_out

SAMPLE = Path(__file__).parents[1] / "plans" / "health12" / "plan.toml"
START = dt.date(2027, 1, 4)

Parts = tuple[tuple[PlannedServer, ...], tuple[PlannedApplication, ...], tuple[Candidate, ...], tuple[PlannedWave, ...], Spec]


def parts_of(plan: Plan) -> Parts:
    """What the timetable is made of, without dependencies."""
    return plan.servers, plan.applications, plan.candidates, plan.waves, plan.spec


def made_up(count: int, like: Plan) -> Parts:
    """`count` applications, seven servers each, twenty to a wave, in weekly waves; everything else as in the plan `like`."""
    random = np.random.default_rng(1)
    application = next(item for item in like.applications if item.wave and item.moving_servers)
    server = next(item for item in like.servers if item.wave)
    wave = like.waves[0]
    first = START + dt.timedelta(days=61)
    applications, servers, waves, candidates = [], [], [], []
    number, per_wave = 0, max(count // 390 + 1, 20)
    for place in range(count):
        if place % per_wave == 0:
            number += 1
            date = first + dt.timedelta(days=7 * (number - 1))
            candidates.append(Candidate(date=date, window=wave.window, closed_domains=(), closed_applications=()))
        name = f"Application {place:05d}"
        update = {"application": name, "move_group": name, "wave": number, "cutover_date": date, "moving_servers": 7}
        update |= {"data_gib": float(random.exponential(600.0)), "failure_probability": float(random.uniform(0.0, 0.15))}
        applications.append(application.model_copy(update=update))
        servers += [
            server.model_copy(update={"server_id": f"{place}-{k}", "name": f"s{place}-{k}", "application": name, "wave": number})
            for k in range(7)
        ]
    for number, candidate in enumerate(candidates, 1):
        names = tuple(item.application for item in applications[(number - 1) * per_wave : number * per_wave])
        after = {
            "replication_start": candidate.date - dt.timedelta(days=14),
            "decommission_date": candidate.date + dt.timedelta(7),
        }
        loss = Range(low=0.0, likely=0.0, high=0.0, reason="made up")
        waves.append(
            wave.model_copy(
                update={"wave": number, "date": candidate.date, "applications": names, "expected_loss_usd": loss, **after}
            )
        )
    crews = tuple(crew.model_copy(update={"hours_week": 10 * crew.hours_week}) for crew in like.spec.crew)
    limits = like.spec.waves.model_copy(update={"max_servers": 7 * per_wave})
    spec = like.spec.model_copy(update={"crew": crews, "waves": limits, "rule": (), "pin": (), "freeze": ()})
    return tuple(servers), tuple(applications), tuple(candidates), tuple(waves), spec


def measure(name: str, parts: Parts, plan: Plan | None, runs: int | None) -> dict[str, object]:
    """Time both, on the processor."""
    servers, applications, candidates, waves, spec = parts
    spec = spec.model_copy(update={"simulation": spec.simulation.model_copy(update={"runs": runs})})
    began = time.process_time()
    scheduled = schedule_tasks(servers, applications, plan.dependencies if plan else (), candidates, waves, spec)
    planned = time.process_time()
    if scheduled is None:
        return {"plan": name, "waves": 0}
    outlook, _ = look_out(scheduled, candidates, spec)
    return {
        "plan": name,
        "servers": len(servers),
        "applications": len(applications),
        "waves": len(waves),
        "tasks": len(scheduled.plan.tasks),
        "tasks_s": round(planned - began, 3),
        "runs": outlook.runs,
        "simulation_s": round(time.process_time() - planned, 3),
        "planned_end": str(outlook.planned_end),
        "p50": str(outlook.end.p50),
        "p80": str(outlook.end.p80),
        "p95": str(outlook.end.p95),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plans", nargs="*", type=Path)
    parser.add_argument("--applications", type=int, default=0)
    parser.add_argument("--runs", type=int, default=None, help="runs; none given: what the plan's own size affords")
    options = parser.parse_args()
    plans = [(path.name, load_plan(path)) for path in options.plans] or [("health12", make_plan(SAMPLE))]
    measure("warm", parts_of(plans[0][1]), plans[0][1], 10)
    for name, plan in plans:
        print(json.dumps(measure(name, parts_of(plan), plan, options.runs)), flush=True)
    if options.applications:
        made = made_up(options.applications, plans[0][1])
        print(json.dumps(measure("made up", made, None, options.runs)), flush=True)


if __name__ == "__main__":
    main()

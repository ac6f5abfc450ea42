"""Sweep keys of a request: one plan for each combination of values, in as many processes as there are cores.

Inventories are read once, and every stage before the waves runs once for all scenarios that do not differ in what it reads
(`migrate.spec.reads`).
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from migrate.errors import InfeasibleError, RequestError
from migrate.files import scratch
from migrate.groundwork import Groundwork, Prepared, asked_files, prepare
from migrate.model.plan import Plan
from migrate.model.scenario import Scenario, pareto_front
from migrate.pipeline import decide
from migrate.spec import Spec
from migrate.spec.load import load_spec
from migrate.spec.reads import read_before_waves
from migrate.spec.settings import Setting, parse_sweep, settings_of, with_settings
from migrate.watching import Stages

__all__ = ["MOST", "sweep"]

#: Scenarios of one sweep.
MOST = 400

_Task = tuple[int, dict[str, str], Spec, str]  # number, settings as text, request, file of the groundwork


def sweep(
    request: Path | str,
    settings: Sequence[str],
    *,
    jobs: int | None = None,
    stages: Stages | None = None,
) -> tuple[Scenario, ...]:
    """Plan every combination of values.

    Parameters
    ----------
    request
        Path of a plan.toml.
    settings
        Such as ``waves.max_servers=100,150`` (`migrate.spec.settings`).
    jobs
        Processes; None: as many as there are cores. With 1, everything runs in this process. With more, a script that
        calls this needs ``if __name__ == "__main__":``, because processes import it.
    stages
        Watches the run.

    Returns
    -------
    One scenario for each combination, the last key changing fastest, with the Pareto front marked. A combination without a
    plan, or whose values cannot stand together, is a scenario with its reason.

    Raises
    ------
    RequestError, InputError
        As `migrate.make_plan`; or a setting is wrong in every combination, or there are more than `MOST` of them.
    """
    path = Path(request)
    spec = load_spec(path)
    sweeps = [parse_sweep(text) for text in settings]
    twice = sorted({item.key for item in sweeps if sum(item.key == other.key for other in sweeps) > 1})
    if twice:
        raise RequestError(f"`{twice[0]}` is swept twice", where="--set", remedy="Give all its values at once.")
    chosen = list(settings_of(sweeps))
    if len(chosen) > MOST:
        raise RequestError(f"these are {len(chosen):,} scenarios, over {MOST}", where="--set", remedy="Give fewer values.")
    specs, wrong = _requests(spec, chosen)
    run = stages or Stages()
    files, asked = asked_files(path, spec)
    with scratch() as folder:
        tasks: list[_Task] = []
        known: Prepared | None = None
        saved: dict[str, str] = {}
        for number, asks in specs.items():
            key = read_before_waves(asks)
            if key not in saved:
                watched = run if known is None else None
                known = prepare(asks, files, asked=asked, base=path.parent, stages=watched, known=known)
                saved[key] = _save(known.groundwork, folder / f"{number}.pickle")
            tasks.append((number, _texts(chosen[number - 1]), asks, saved[key]))
        with run.stage("scenarios"):
            found = _run(tasks, min(jobs or os.cpu_count() or 1, len(tasks)), run.advanced)
    found += [Scenario(number=number, settings=_texts(chosen[number - 1]), reason=why) for number, why in wrong.items()]
    return pareto_front(tuple(sorted(found, key=lambda scenario: scenario.number)))


def _requests(spec: Spec, chosen: Sequence[Sequence[Setting]]) -> tuple[dict[int, Spec], dict[int, str]]:
    """By number of the combination: its request, or why it has none; raises the first reason where none has one."""
    specs: dict[int, Spec] = {}
    wrong: dict[int, RequestError] = {}
    for number, each in enumerate(chosen, start=1):
        try:
            specs[number] = with_settings(spec, each)
        except RequestError as error:
            wrong[number] = error
    if not specs:
        raise next(iter(wrong.values()))
    return specs, {number: error.message for number, error in wrong.items()}


def measure(number: int, settings: dict[str, str], plan: Plan) -> Scenario:
    """The figures of a plan as a scenario."""
    import numpy as np  # noqa: PLC0415 -- slow to import, help is not

    from migrate.finance.worth import net_present_value  # noqa: PLC0415 -- as above

    spec, case, solution = plan.spec, plan.business_case, plan.solution
    costs = np.array([month.total for month in case.months])
    last = max((wave.date for wave in plan.waves), default=None)
    return Scenario(
        number=number,
        settings=settings,
        cost_usd=round(net_present_value(costs, spec.plan.discount_rate), 2),
        npv_usd=case.npv_usd,
        duration_days=(last - spec.plan.start).days if last is not None else 0,
        last_cutover=last,
        end_p80=plan.outlook.end.p80 if plan.outlook is not None else None,
        expected_loss_usd=round(sum(wave.expected_loss_usd.likely for wave in plan.waves), 2),
        risk_score=max((wave.risk_score for wave in plan.waves), default=0.0),
        waves=len(plan.waves),
        moving_servers=case.moving_servers,
        objective_usd=solution.objective.total,
        bound_usd=solution.bound,
        gap=solution.gap,
    )


def _run(tasks: Sequence[_Task], jobs: int, told: Callable[[str, float], None]) -> list[Scenario]:
    done: list[Scenario] = []

    def add(scenario: Scenario) -> None:
        done.append(scenario)
        told(f"Planned {len(done)} of {len(tasks)} scenarios", len(done) / len(tasks))

    told(f"Planning {len(tasks)} scenarios", 0.0)
    if jobs <= 1:
        for task in tasks:
            add(_one(task))
        return done
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures: list[Future[Scenario]] = [pool.submit(_one, task) for task in tasks]
        try:
            for future in as_completed(futures):
                add(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _one(task: _Task) -> Scenario:
    """Plan one scenario; runs in a process of its own."""
    number, settings, spec, file = task
    try:
        return measure(number, settings, decide(_load(file), spec))
    except (InfeasibleError, RequestError) as error:
        return Scenario(number=number, settings=settings, reason=error.message)


def _save(groundwork: Groundwork, path: Path) -> str:
    path.write_bytes(pickle.dumps(groundwork, protocol=pickle.HIGHEST_PROTOCOL))
    return str(path)


@lru_cache(maxsize=1)
def _load(file: str) -> Groundwork:
    """What `_save` wrote; nothing else is ever read."""
    loaded: Groundwork = pickle.loads(Path(file).read_bytes())  # noqa: S301 -- written by this process into a folder of its own
    return loaded


def _texts(settings: Sequence[Setting]) -> dict[str, str]:
    return {item.key: "none" if item.value is None else str(item.value) for item in settings}

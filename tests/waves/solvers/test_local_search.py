from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np

from migrate.waves.compact import compact
from migrate.waves.objective import evaluate
from migrate.waves.problem import build_problem
from migrate.waves.solvers.effort import Effort
from migrate.waves.solvers.first_fit import first_fit, urgency
from migrate.waves.solvers.local_search import search
from tests.factories import make_application, make_dependency
from tests.waves.builders import random_records, records


def test_the_search_beats_first_fit_by_far_where_dependencies_matter() -> None:
    applications = [make_application(f"A{number:03d}", moving_servers=5, rto_h=1.0) for number in range(60)]
    partners = [(number, (number * 17 + 11) % 60) for number in range(60)]
    needs = tuple(make_dependency(f"A{a:03d}", f"A{b:03d}", gb_day=500.0, connections_day=1e6) for a, b in partners if a != b)
    given = records(applications, window=[], freeze=[], crew=[], waves={"max_servers": 25, "max_waves": 20, "pathfinders": 0})
    problem = build_problem(*given._replace(dependencies=needs))
    core = compact(problem)
    found = search(core, 1, Effort(iterations=100_000))
    assert found.feasible
    assert found.first_fit is not None
    baseline = evaluate(problem, found.first_fit.astype(np.int64)[problem.group])
    ours = evaluate(problem, found.wave.astype(np.int64)[problem.group])
    assert ours.split < baseline.split / 3
    assert ours.total < baseline.total


def test_first_fit_takes_the_first_wave_that_has_room_and_keeps_the_order_of_rules() -> None:
    applications = [make_application(name, moving_servers=20) for name in "ABCD"]
    rule = [{"id": "r", "before": {"first": "D", "then": "A"}, "strictly": True}]
    given = records(applications, window=[], freeze=[], crew=[], rule=rule, waves={"max_servers": 40, "pathfinders": 0})
    problem = build_problem(*given)
    core = compact(problem)
    wave, fits = first_fit(core, urgency(core))
    assert fits
    assert wave.tolist() == [2, 0, 0, 1]


def test_first_fit_keeps_what_may_follow_within_some_days() -> None:
    applications = [make_application(name, moving_servers=20) for name in "ABCDE"]
    rule = [
        {"id": "r", "before": {"first": "B", "then": "A"}, "within_days": 10},
        {"id": "w", "within": {"of": ["C", "E"], "days": 10}},
        {"id": "late", "of": "E", "earliest": "2027-04-01"},
    ]
    given = records(applications, window=[], freeze=[], crew=[], rule=rule, waves={"max_servers": 20, "pathfinders": 0})
    problem = build_problem(*given)
    wave, fits = first_fit(compact(problem), np.array([0.0, 1.0, 4.0, 2.0, 3.0]))
    assert fits
    assert wave.tolist() == [1, 0, 3, 2, 4]


def test_first_fit_places_next_what_has_to_be_near() -> None:
    applications = [make_application(name, moving_servers=20) for name in "ABCDE"]
    rule = [{"id": "w", "within": {"of": ["A", "E"], "days": 10}}]
    given = records(applications, window=[], freeze=[], crew=[], rule=rule, waves={"max_servers": 20, "pathfinders": 0})
    wave, fits = first_fit(compact(build_problem(*given)), np.arange(5.0))
    assert fits
    assert wave.tolist() == [0, 2, 3, 4, 1]


def test_equal_seeds_give_equal_plans() -> None:
    core = compact(build_problem(*random_records(9)))
    first, second = search(core, 4, Effort(iterations=20_000)), search(core, 4, Effort(iterations=20_000))
    assert (first.wave == second.wave).all()
    assert first.iterations == second.iterations


def test_a_problem_without_dependencies_needs_no_second_compilation() -> None:
    core = compact(build_problem(*records([make_application("A")], window=[])))
    whole = compact(build_problem(*random_records(1)))
    kinds = [
        [(array.dtype, array.ndim, array.flags.c_contiguous) for array in item if isinstance(array, np.ndarray)]
        for item in (core, whole)
    ]
    assert kinds[0] == kinds[1]


def test_an_interrupt_ends_the_runs_on_all_threads_and_keeps_the_best() -> None:
    core = compact(build_problem(*random_records(5)))
    search(core, 1, Effort(iterations=20_000))
    before = first_fit(core, urgency(core))[1]
    timer = threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    began = time.perf_counter()
    found = search(core, 1, Effort(iterations=10**12))
    assert found.stopped
    assert time.perf_counter() - began < 60
    assert found.feasible or not before
    assert 0 < found.iterations < 10**12

"""Replanning the sample estate after three waves, with a share of its inventory changed.

    python -m benchmarks.replanning [--share 0.05] [--seed 1] [--waves 3]

Prints one JSON line: what moved of what was done or committed (nothing may), what moved of the rest, and the cost against
solving anew, which keeps what is done and committed but neither prices nor knows where the rest was.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.changed_estate import changed_inventory
from migrate.model.plan import Plan
from migrate.model.stages import WaveResult
from migrate.pipeline import make_plan, write_plan
from migrate.replanning import replan
from migrate.waves import plan_waves

ROOT = Path(__file__).parents[1]
INVENTORY = ROOT / "inventories" / "health12"
REQUEST = ROOT / "plans" / "health12" / "plan.toml"


@dataclass(frozen=True)
class Figures:
    """What replanning did. Costs are in USD, without the price of changes."""

    servers_changed: int
    done: int  # applications
    committed: int
    fixed_moved: int
    committed_gone: int  # replicating, but no server is left that moves
    planned: int
    planned_moved: int
    share_moved: float
    cost_usd: float
    cost_anew_usd: float
    dearer_than_anew: float  # as a share; negative: replanning found the cheaper plan
    anew_moved: int
    cpu_seconds: float


def changed_request(folder: Path, share: float, seed: int) -> tuple[Path, int]:
    """Write the changed inventory and a request for it into `folder`."""
    fates = changed_inventory(INVENTORY, folder / "inventory", share, seed)
    request = folder / "plan.toml"
    request.write_text(REQUEST.read_text(encoding="utf-8").replace("../../inventories/health12/", "inventory/"), encoding="utf-8")
    return request, len(fates)


def replan_changed(before: Plan, earlier: Path, folder: Path, *, share: float, seed: int, waves: int) -> tuple[Plan, int]:
    """Replan `before`, whose plan.json is at `earlier`, after so many waves; and the number of servers that changed."""
    request, changed = changed_request(folder, share, seed)
    return replan(request, earlier, as_of=before.waves[waves - 1].date).plan, changed


def measure(before: Plan, earlier: Path, folder: Path, *, share: float = 0.05, seed: int = 1, waves: int = 3) -> Figures:
    """Replan `before`, whose plan.json is at `earlier`, after so many waves."""
    start = time.process_time()
    plan, changed = replan_changed(before, earlier, folder, share=share, seed=seed, waves=waves)
    seconds = time.process_time() - start
    return compare(before, plan, changed, seconds)


def compare(before: Plan, plan: Plan, changed: int, seconds: float) -> Figures:
    """The figures of a plan that was made from another."""
    assert plan.earlier is not None
    had = {item.application: item.wave for item in before.applications}
    states = {item.application: item.state for item in plan.earlier.applications}
    now = {item.application: item.wave for item in plan.applications if item.moving_servers}
    fixed = [name for name, state in states.items() if state != "planned"]
    rest = [name for name, state in states.items() if state == "planned" and name in now]
    moved = [name for name in rest if now[name] != had[name]]
    anew = _anew(plan)
    price = plan.spec.weights.change_usd * len(moved)
    cost, cost_anew = plan.solution.objective.total - price, anew.solution.objective.total
    return Figures(
        servers_changed=changed,
        done=sum(state == "done" for state in states.values()),
        committed=sum(state == "committed" for state in states.values()),
        fixed_moved=sum(name in now and now[name] != had[name] for name in fixed),
        committed_gone=sum(name not in now for name in fixed),
        planned=len(rest),
        planned_moved=len(moved),
        share_moved=round(len(moved) / len(rest), 4),
        cost_usd=round(cost, 2),
        cost_anew_usd=cost_anew,
        dearer_than_anew=round(cost / cost_anew - 1.0, 5),
        anew_moved=sum(anew.assignment[name] != had[name] for name in rest),
        cpu_seconds=round(seconds, 1),
    )


def _anew(plan: Plan) -> WaveResult:
    """The waves of the same estate and request, with nothing known of the earlier plan but what is done and committed."""
    assert plan.earlier is not None
    fixed = tuple(item for item in plan.earlier.applications if item.state != "planned")
    earlier = plan.earlier.model_copy(update={"applications": fixed})
    return plan_waves(plan.servers, plan.applications, plan.dependencies, plan.move_groups, plan.spec, earlier=earlier)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.05, help="share of the servers that changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--waves", type=int, default=3, help="waves that are done")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = make_plan(REQUEST)
        write_plan(before, folder / "before", reports=False)
        figures = measure(
            before, folder / "before" / "plan.json", folder / "after", share=given.share, seed=given.seed, waves=given.waves
        )
    print(json.dumps(figures.__dict__))


if __name__ == "__main__":
    main()

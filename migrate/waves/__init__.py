"""What moves together, and when? Candidate dates, the wave problem, its solvers, and the judgement of any plan.

The applications that move are put into waves: dated batches of move groups. `problem` turns the records of a plan into
arrays, `objective` prices an assignment in dollars, `constraints` names the rules it breaks, `solvers` search, `check`
judges any plan without them, and `explain` says why an application is where it is.
"""

from migrate.waves.check import check_plan, price_extra_capacity, price_soft_rules, score_plan
from migrate.waves.constraints import Violation
from migrate.waves.draft import Draft, draft
from migrate.waves.explain import Explanation, explain
from migrate.waves.extra_costs import ExtraCost
from migrate.waves.follow import Followed, follow
from migrate.waves.planning import plan_waves
from migrate.waves.schedule import Timetable, timetable
from migrate.waves.soft_rules import SoftCost
from migrate.waves.ties import Tie

__all__ = [
    "Draft",
    "Explanation",
    "ExtraCost",
    "Followed",
    "SoftCost",
    "Tie",
    "Timetable",
    "Violation",
    "check_plan",
    "draft",
    "explain",
    "follow",
    "plan_waves",
    "price_extra_capacity",
    "price_soft_rules",
    "score_plan",
    "timetable",
]

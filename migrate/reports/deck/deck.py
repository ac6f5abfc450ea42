"""The slides in their order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.reports.deck.answer import answer_slide, schedule_slide
from migrate.reports.deck.canvas import Deck
from migrate.reports.deck.decide import basis_slide, decisions_slide, risk_slide
from migrate.reports.deck.money import alternatives_slide, case_slide, months_slide, spending_slide
from migrate.reports.html import Story

__all__ = ["write_deck"]


def write_deck(plan: Plan, story: Story, out: Path) -> Path:
    """Write ``board.pptx`` into `out`: eight slides or nine, told from the same `story` as the page.

    Parameters
    ----------
    story
        What `migrate.reports.html.tell` makes of the plan.
    """
    created = dt.datetime.combine(plan.spec.plan.start, dt.time())
    deck = Deck(f"{plan.spec.plan.name}: migration plan", plan.made_by, created)
    answer_slide(deck, plan, story)
    schedule_slide(deck, plan)
    months_slide(deck, plan)
    case_slide(deck, plan, story)
    spending_slide(deck, plan, story)
    alternatives_slide(deck, plan, story)
    risk_slide(deck, plan, story)
    decisions_slide(deck, plan)
    basis_slide(deck, plan)
    path = out / "board.pptx"
    with replacing(path) as temporary:
        temporary.write_bytes(deck.packed())
    return path

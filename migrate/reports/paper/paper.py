"""business-case.pdf, set by Typst from one template and one JSON document.

Fonts are those inside the ``typst`` wheel, so the same plan gives the same bytes on every machine; no clock is read.
"""

from __future__ import annotations

import json
from pathlib import Path

from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.reports.html import Story
from migrate.reports.numerals import day
from migrate.reports.paper.sections import sections
from migrate.reports.visible import shortened

__all__ = ["write_paper"]

_TEMPLATE = Path(__file__).parents[1] / "templates" / "business-case.typ"


def write_paper(plan: Plan, story: Story, out: Path) -> Path:
    """Write ``business-case.pdf`` into `out`, told from the same `story` as the page."""
    import typst  # noqa: PLC0415 - 80 MB of machine code, only here

    name = shortened(plan.spec.plan.name, 60)
    paper = {
        "title": f"{name}: business case",
        "author": plan.made_by,
        "foot": f"{name}: business case · {plan.made_by} · seed {plan.solution.seed}",
        "eyebrow": "Business case",
        "name": name,
        "headline": shortened(story.headline, 300),
        "meta": shortened(
            f"To {', recovery in '.join(plan.spec.target.regions)} · programme starts {day(plan.spec.plan.start)} · "
            f"prices: {plan.price_book}",
            300,
        ),
        "sections": sections(plan, story),
    }
    compiled = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        timestamp=0,
    )
    path = out / "business-case.pdf"
    with replacing(path) as temporary:
        temporary.write_bytes(compiled)
    return path

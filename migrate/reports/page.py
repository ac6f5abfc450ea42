"""report.html: one self-contained page that works from a file, without a network.

Everything that comes from an inventory is escaped by Jinja2's autoescape; control characters and characters that
override the direction of text are removed first. A content security policy allows the page's own script, by its
digest, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from migrate.files import write_text
from migrate.model.plan import Plan
from migrate.reports import numerals
from migrate.reports.html import Story, tell
from migrate.reports.html.chart import HEIGHT, WIDTH
from migrate.reports.html.costs import PARTS
from migrate.reports.html.heat import BANDS
from migrate.reports.visible import visible

__all__ = ["render_html", "render_scenarios", "write_html"]

_TEMPLATES = Path(__file__).parent / "templates"


def write_html(plan: Plan, out: Path, story: Story | None = None) -> Path:
    """Write ``report.html`` into `out`; `story` as for `render_html`."""
    return write_text(out / "report.html", render_html(plan, story))


def render_html(plan: Plan, story: Story | None = None) -> str:
    """Render the page. `story` is what `tell` makes of the plan, where somebody has it already."""
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            plan=plan,
            story=story or tell(plan),
            parts=PARTS,
            bands=BANDS,
            style=Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_digest=f"sha256-{digest}",
        )
    )


def render_scenarios(**told: object) -> str:
    """Render the page of a sweep; it has no script. `migrate.reports.scenario_files` gives what it tells."""
    style = Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return _environment().get_template("scenarios.html.j2").render(style=style, **told)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name in ("day", "decimal", "gb_day", "percent", "stated", "usd", "usd_short", "whole"):
        environment.filters[name] = getattr(numerals, name)
    environment.globals.update(chart_width=f"{WIDTH:g}", chart_height=f"{HEIGHT:g}")
    return environment


def _visible(value: object) -> object:
    """Remove what cannot be seen from text; markup of ours passes."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value

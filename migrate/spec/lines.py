"""On which line of plan.toml each rule stands, under the id that explanations, checks and conflicts name it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.spec import Spec
from migrate.spec.places import Place

__all__ = ["placed", "rule_lines"]


def rule_lines(spec: Spec, places: Mapping[Place, int]) -> dict[str, int]:
    """Line by rule id; defaults, which stand nowhere, have none. The ids are those of `migrate.waves`.

    Parameters
    ----------
    spec
        The request.
    places
        Line of everything in its text (`migrate.spec.places.lines_of`).
    """
    lines: dict[str, int] = {}
    for rule, place in _ids(spec):
        if place in places:
            lines.setdefault(rule, places[place])
    return dict(sorted(lines.items()))


def placed(spec: Spec, rule: str) -> str:
    """A rule with its place, such as ``month-end (plan.toml:96)``; the id alone where it stands nowhere."""
    return f"{rule} (plan.toml:{spec.lines[rule]})" if rule in spec.lines else rule


def _ids(spec: Spec) -> Iterator[tuple[str, Place]]:
    for kind in ("window", "freeze", "rule"):
        for number, item in enumerate(getattr(spec, kind)):
            yield item.id, (kind, number)
    for number, pin in enumerate(spec.pin):
        yield f"pin {pin.application}", ("pin", number)
    for number, crew in enumerate(spec.crew):
        yield f"crew {crew.skill}", ("crew", number)
    for number, link in enumerate(spec.link):
        yield f"link {link.from_}", ("link", number)
    for number, site in enumerate(spec.site):
        yield f"site {site.name}", ("site", number, "lease_end")
    if spec.window:
        yield "windows", ("window", 0)
    for key in type(spec.waves).model_fields:
        yield f"waves.{key}", ("waves", key)

"""Which applications a selector of plan.toml means.

A selector is a name, ``domain:X``, ``owner:X``, ``criticality:X``, ``data:X``, ``site:X`` or ``*``.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from migrate.errors import RequestError
from migrate.model.plan import PlannedApplication

__all__ = ["Selectors", "unknown_application"]


_KEYS = ("domain", "owner", "criticality", "data", "site")


class Selectors:
    """Resolves selectors over a fixed, sorted list of applications.

    Names and values are compared without regard to case. ``domain:*`` means every application whose domain is known;
    the same holds for ``data:*`` and ``site:*``. An application whose name itself looks like a selector is still found
    by its name, which is tried first.
    """

    def __init__(self, applications: Sequence[PlannedApplication]) -> None:
        self._count = len(applications)
        self._by_name: dict[str, list[int]] = {}
        self._by_value: dict[tuple[str, str], list[int]] = {}
        for index, application in enumerate(applications):
            self._by_name.setdefault(application.application.casefold(), []).append(index)
            for key, value in (
                ("domain", application.domain),
                ("owner", application.owner),
                ("criticality", application.criticality),
                ("data", application.data_class),
                ("site", application.site),
            ):
                if value is not None:
                    self._by_value.setdefault((key, value.casefold()), []).append(index)
                    self._by_value.setdefault((key, "*"), []).append(index)

    def find(self, selector: str) -> tuple[int, ...]:
        """Positions of the applications that `selector` means, ascending; empty when there are none."""
        if selector == "*":
            return tuple(range(self._count))
        folded = selector.casefold()
        if folded in self._by_name:
            return tuple(self._by_name[folded])
        key, colon, value = folded.partition(":")
        return tuple(self._by_value.get((key.strip(), value.strip()), ())) if colon else ()

    def find_all(self, selectors: Sequence[str]) -> tuple[int, ...]:
        """The union of `find` over several selectors, ascending."""
        return tuple(sorted({index for selector in selectors for index in self.find(selector)}))

    def unknown_to(self, selectors: Sequence[str]) -> tuple[int, ...]:
        """Applications of which nobody knows whether a selector means them: their domain, data, owner or site is not known."""
        by_value = [selector.casefold() for selector in selectors if ":" in selector and selector.casefold() not in self._by_name]
        keys = {selector.partition(":")[0].strip() for selector in by_value}
        known = {key: set(self._by_value.get((key, "*"), ())) for key in keys if key in _KEYS}
        return tuple(index for index in range(self._count) if any(index not in some for some in known.values()))


def unknown_application(name: str, applications: Sequence[PlannedApplication], where: str) -> RequestError:
    """The error for an application that is not in the plan; it names the nearest ones."""
    names = sorted(application.application for application in applications)
    folded = {known.casefold(): known for known in reversed(names)}
    near = [folded[match] for match in difflib.get_close_matches(name.casefold(), sorted(folded), n=3, cutoff=0.5)]
    remedy = f"Did you mean {' or '.join(repr(known) for known in near)}?" if near else "applications.csv lists the names."
    return RequestError(f"there is no application {name!r}", where=where, remedy=remedy)

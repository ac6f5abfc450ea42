"""Controls for regulated data: what must be true before it is moved, and where that is read.

References: HIPAA Security Rule, 45 CFR 164.308(b) (business associate contracts) and 164.312 (technical safeguards);
PCI DSS v4.0.1 requirements 3, 4, 7 and 10.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate.model.plan import PlannedApplication
from migrate.runbooks.runbook import Criterion

__all__ = ["controls_for", "is_health_data", "is_regulated"]

_HEALTH = ("phi", "ephi", "hipaa")
_CARDS = ("pci", "cardholder")

_BOTH = (
    ("volumes, snapshots and databases encrypted with a key of ours", "100 %", "KMS key id of every volume (164.312(a)(2)(iv))"),
    ("connections encrypted in transit", "TLS 1.2 or later, or IPsec, on every open port", "port list below (164.312(e)(1))"),
    ("access and key use logged", "CloudTrail and flow logs on, kept as the policy asks", "log archive account (164.312(b))"),
    ("people who can read the data", "0 more than at the source", "access review signed by the security and privacy officer"),
)
_HEALTH_ONLY = (
    ("business associate addendum with AWS accepted", "yes, for every account used", "AWS Artifact (164.308(b))"),
    ("services used that are not HIPAA eligible", "0", "AWS list of HIPAA eligible services"),
    ("records after the move equal to records before", "100 % of counts and checksums", "reconciliation (164.312(c)(1))"),
    ("test launches with real patient data outside the protected network", "0", "test launch report"),
)
_CARDS_ONLY = (("card data environment documented as in scope at the target", "yes", "PCI DSS scope, requirement 1 and 12.5"),)


def is_health_data(application: PlannedApplication) -> bool:
    """Whether the application's data class says that it holds patients' data."""
    return _has(application, _HEALTH)


def is_regulated(application: PlannedApplication) -> bool:
    """Whether the application's data class names health or card data."""
    return _has(application, _HEALTH + _CARDS)


def controls_for(applications: Iterable[PlannedApplication]) -> tuple[Criterion, ...]:
    """Controls that the wave's data classes call for; empty when no class does."""
    members = tuple(applications)
    health, cards = any(_has(a, _HEALTH) for a in members), any(_has(a, _CARDS) for a in members)
    rows = (_BOTH if health or cards else ()) + (_HEALTH_ONLY if health else ()) + (_CARDS_ONLY if cards else ())
    return tuple(Criterion(measure=measure, threshold=threshold, evidence=evidence) for measure, threshold, evidence in rows)


def _has(application: PlannedApplication, words: tuple[str, ...]) -> bool:
    parts = (application.data_class or "").casefold().replace("/", " ").replace("-", " ").replace(",", " ").split()
    return any(word in parts for word in words)

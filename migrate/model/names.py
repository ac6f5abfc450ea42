"""The closed lists of words that tables and plans use, in the order in which they are shown."""

from __future__ import annotations

__all__ = [
    "CRITICALITIES",
    "DATABASE_TARGET",
    "DISPOSITIONS",
    "ENVIRONMENTS",
    "KINDS",
    "MOVING",
    "OS_FAMILIES",
    "POWER_STATES",
    "SKILLS",
]

#: The seven dispositions ("7R"), AWS Prescriptive Guidance's names.
DISPOSITIONS = ("rehost", "relocate", "replatform", "repurchase", "refactor", "retire", "retain")

#: Dispositions whose servers are cut over in a wave. `repurchase` is: users move to the bought service that day.
MOVING = ("rehost", "relocate", "replatform", "repurchase", "refactor")

CRITICALITIES = ("mission-critical", "high", "medium", "low")
ENVIRONMENTS = ("production", "dr", "test", "development")
KINDS = ("virtual", "physical", "mainframe", "appliance")
OS_FAMILIES = ("windows", "linux", "unix", "zos", "other")
POWER_STATES = ("on", "off", "suspended")

#: Skills of crews, matched by `crew.skill` in plan.toml. `application` is testing and validation by its owners.
SKILLS = ("windows", "linux", "database", "network", "application")

#: How the target of a managed database reads, such as "rds:db.m6i.large (mysql, multi-az)": class, family, engine, deployment.
DATABASE_TARGET = r"^rds:((db\.[^.\s]+)\.\S+) \((\S+), (\S+)\)$"

"""The table of plan.toml that says how flow logs are read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_serializer

from migrate.spec.base import Section
from migrate.spec.secrets import without_secrets

__all__ = ["FLOW_RULES", "FlowRule", "Flows"]

#: Rules by which traffic is recognised as no dependency of an application, or as none that it waits for.
FlowRule = Literal[
    "multicast", "broadcast", "link-local", "scanner", "monitoring", "backup", "nat", "load-balancer", "negotiated-ports"
]
FLOW_RULES: tuple[FlowRule, ...] = (
    "multicast", "broadcast", "link-local", "scanner", "monitoring", "backup", "nat", "load-balancer", "negotiated-ports",
)  # fmt: skip


class Flows(Section):
    """``[flows]``: how flow logs are aggregated, and what in them counts."""

    engine: str = Field(
        default="duckdb",
        description="`duckdb` (here, out of core), `spark`, or the URL of an ibis backend such as `trino://…`, `athena://…` or "
        "`bigquery://…`: the flows are aggregated there and only the aggregate comes home.",
    )
    table: str = Field(default="", description="Table of the engine that holds the flows, instead of or beside files.")
    memory_gib: float = Field(default=4.0, ge=0.5, le=4096, description="Memory that DuckDB may use before it spills to disk.")
    fields: str = Field(
        default="",
        description="Fields of VPC Flow Logs without a header line, in order, as the log format was declared: "
        "`version account-id … log-status`. Without it the default format of version 2 is expected.",
    )
    time_zone: str = Field(default="UTC", description="Time zone of the business hours.")
    business_hours: str = Field(
        default="08:00-18:00",
        description="Business hours, Monday to Friday; hours that end before they begin pass midnight.",
    )
    rules_off: tuple[FlowRule, ...] = Field(
        default=(),
        description="Rules of recognising traffic that are switched off. Each rule that recognised something says so in a "
        "finding, with what that led to.",
    )

    @field_serializer("engine", when_used="json")
    def _without_secrets(self, engine: str) -> str:
        """Plans are passed on: the user and password of an engine stay in the request."""
        return without_secrets(engine)

"""The intake form of Cloud Migration Factory on AWS: one row per server, on a sheet ``mf_intake`` or as CSV.

Attributes: https://github.com/aws-solutions/cloud-migration-factory-on-aws, ``default_schema.json`` of release 4.5.1; headers are
the bare names of its template of required attributes. Multiple values are separated by ``;``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import xlsxwriter

from migrate.files import replacing
from migrate.model.plan import Plan, PlannedServer
from migrate.reports.exports.scope import Scope, left_out, unique_names, wave_name
from migrate.reports.table_files import write_table

__all__ = ["intake_table", "write_intake"]

_COLUMNS = (
    "wave_name",
    "app_name",
    "aws_accountid",
    "aws_region",
    "server_name",
    "server_os_family",
    "server_os_version",
    "server_fqdn",
    "server_tier",
    "server_environment",
    "r_type",
    "instanceType",
    "tags",
)
_R_TYPES = {
    "retire": "Retire",
    "retain": "Retain",
    "relocate": "Relocate",
    "rehost": "Rehost",
    "repurchase": "Repurchase",
    "replatform": "Replatform",
    "refactor": "Rearchitect",
}


#: A host's name, with or without its domain: RFC 1123, section 2.1.
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")


def intake_table(plan: Plan, scope: Scope) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows, in the plan's order, and sentences about what is left out."""
    names = unique_names(plan)
    rows, without = [], []
    for server in scope.servers_of(plan):
        if server.os_family in ("windows", "linux"):
            rows.append(_row(server, names[server.server_id], plan, scope))
        else:
            without.append((server.name, "because the form takes Linux and Windows only"))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    return frame, (*left_out(without), *_missing(frame))


def _missing(frame: pl.DataFrame) -> Iterator[str]:
    """What the form demands and the plan does not know."""
    fqdn = pl.col("server_fqdn")
    bare, none = frame.filter(~fqdn.str.contains(".", literal=True)).height, frame.filter(fqdn.is_null()).height
    if bare:
        yield f"server_fqdn is a name without its domain in {bare:,} rows: no inventory tells it"
    if none:
        yield f"server_fqdn is empty in {none:,} rows, whose names no host can have"
    if still := frame.filter(pl.col("wave_name").is_null()).height:
        yield f"{still:,} rows have no wave: these servers retire or stay"


def write_intake(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write a workbook, or CSV where the path ends in ``.csv``."""
    frame, notes = intake_table(plan, scope)
    if path.suffix.lower() == ".csv":
        write_table(frame, path)
    else:
        _write_workbook(frame, path, plan)
    return notes if scope.account else (*notes, "aws_accountid is empty, which the form demands: give --account")


def _write_workbook(frame: pl.DataFrame, path: Path, plan: Plan) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), options)
        book.set_properties({"created": dt.datetime.combine(plan.spec.plan.start, dt.time()), "comments": plan.made_by})
        sheet = book.add_worksheet("mf_intake")
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, name)
            sheet.set_column(column, column, 20)
        for number, row in enumerate(frame.iter_rows(), start=1):
            for column, text in enumerate(row):
                if text is not None:
                    sheet.write_string(number, column, text)
        book.close()


def _row(server: PlannedServer, name: str, plan: Plan, scope: Scope) -> dict[str, str | None]:
    target = server.target
    tags = {"migrate-plan": plan.spec.plan.name, "migrate-server-id": server.server_id}
    return {
        "wave_name": wave_name(server.wave) if server.wave is not None else None,
        "app_name": server.application,
        "aws_accountid": scope.account or None,
        "aws_region": server.region or plan.spec.target.regions[0],
        "server_name": name,
        "server_os_family": server.os_family,
        "server_os_version": server.os_name,
        "server_fqdn": name if _HOST.fullmatch(name) else None,
        "server_tier": "db" if server.database_engine else None,
        "server_environment": server.environment,
        "r_type": _R_TYPES.get(server.disposition or "", "TBC"),
        "instanceType": target if target is not None and ":" not in target else None,
        "tags": ";".join(f"{key}={_tag(value)}" for key, value in tags.items()),
    }


def _tag(text: str) -> str:
    """A value without what separates tags."""
    return text.replace(";", " ").replace("=", " ")

"""What a ServiceNow record is, from its class or, where that is missing, from its fields."""

from __future__ import annotations

import polars as pl

__all__ = ["KINDS_OF_RECORDS", "database_engine", "kind_of_class", "kind_of_record"]

KINDS_OF_RECORDS = ("relation", "server", "hypervisor", "application", "database", "relation type", "place", "other")

# classes that extend cmdb_ci_server or stand for a machine; "server" in a name proves nothing: cmdb_ci_web_server,
# cmdb_ci_app_server and their likes extend cmdb_ci_appl, they are software
_SERVER = (
    r"^(u_|x_\w+?_)?(cmdb_ci_)?(server|(win|windows|linux|unix|aix|solaris|hpux|hp[-_ ]?ux|osx|netware|tandem|openvms|ibm[_ ]i"
    r"|os400|as400|physical|virtual|rack|blade|test|dev|prod)\w*[_ ]server|computer|mainframe|mainframe[_ ](hardware|lpar)"
    r"|ibm[_ ]mainframe\w*|vm[_ ]instance|vmware[_ ]instance|vmware virtual machine instance|virtual machine instance)$"
)
_HYPERVISOR = r"^(cmdb_ci_)?(esx\w*|vmware[_ ]esx\w*|hyper[-_ ]?v|virtualization|kvm)[_ ](server|hypervisor|hypervisor server)$"
_DATABASE = (
    r"^(cmdb_ci_)?(db_\w+|database( instance| catalog)?|\w+[_ ](database|db)( instance| catalog)?|ms ?sql instance|.* instance)$"
)
_APPLICATION = (
    r"^(u_|x_\w+?_)?(cmdb_ci_)?(business[_ ]app(lication)?|appl|application\w*|application service|business[_ ]service|service\w*"
    r"|mapped application service|app|u_app\w*|information_object)$"
)

_ENGINES = (
    ("sqlserver", r"mssql|sql ?server|ms sql"),
    ("oracle", r"ora(cle)?\b|_ora_|oracle"),
    ("postgresql", r"postgres|pgsql"),
    ("mysql", r"mysql|mariadb"),
    ("mongodb", r"mongo"),
    ("db2", r"db2|_udb"),
    ("cache", r"cach[eé]|intersystems|\biris\b"),
    ("sybase", r"syb(ase)?"),
    ("hana", r"hana"),
    ("informix", r"informix"),
    ("cassandra", r"cassandra"),
)


def kind_of_record(columns: set[str]) -> pl.Expr:
    """One of `KINDS_OF_RECORDS`, for a table of `servicenow_records.fields`.

    Parameters
    ----------
    columns
        The fields that the file has at all: where records carry no class, they tell.
    """
    has_class = pl.coalesce("sys_class_name", "sys_class_name.shown").is_not_null()
    looks_server = {"ram", "cpu_count", "os"} <= columns
    looks_place = {"street", "city"} <= columns
    return (
        pl.when(pl.col("parent").is_not_null() & pl.col("child").is_not_null() & pl.col("type").is_not_null())
        .then(pl.lit("relation"))
        .when(kind_of_class("sys_class_name").is_not_null())
        .then(kind_of_class("sys_class_name"))
        .when(pl.col("parent_descriptor").is_not_null() & pl.col("child_descriptor").is_not_null())
        .then(pl.lit("relation type"))
        .when(~has_class & pl.lit(looks_server))
        .then(pl.lit("server"))
        .when(~has_class & pl.lit(looks_place))
        .then(pl.lit("place"))
        .otherwise(pl.lit("other"))
    )


def kind_of_class(field: str) -> pl.Expr:
    """The kind of the class that stands in a field, as a table name or as its label; null for other classes."""
    given = pl.coalesce(field, f"{field}.shown").str.to_lowercase().str.strip_chars()
    kinds = (("hypervisor", _HYPERVISOR), ("server", _SERVER), ("database", _DATABASE), ("application", _APPLICATION))
    return pl.coalesce(pl.when(given.str.contains(pattern)).then(pl.lit(kind)) for kind, pattern in kinds)


def database_engine(*texts: pl.Expr) -> pl.Expr:
    """The engine (oracle, sqlserver, …) that the first of the texts to name one names; null when none does."""
    lower = [text.str.to_lowercase() for text in texts]
    return pl.coalesce(pl.when(text.str.contains(pattern)).then(pl.lit(engine)) for text in lower for engine, pattern in _ENGINES)

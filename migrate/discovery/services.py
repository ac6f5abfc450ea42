"""What listens on a port, by name: for people, never for decisions.

Names follow the IANA Service Name and Transport Protocol Port Number Registry
(https://www.iana.org/assignments/service-names-port-numbers); where the registry has another name than the product that is
met on the port, or none, the product that documents the port as its default is named.
"""

from __future__ import annotations

import polars as pl

from migrate.discovery.ports import DYNAMIC

__all__ = ["services"]

_NAMES: dict[int, str] = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "domain", 69: "tftp", 80: "http", 88: "kerberos",
    104: "acr-nema", 111: "sunrpc", 115: "sftp", 123: "ntp", 135: "epmap", 137: "netbios-ns", 139: "netbios-ssn", 161: "snmp",
    162: "snmptrap", 389: "ldap", 443: "https", 445: "microsoft-ds", 464: "kpasswd", 465: "submissions", 514: "syslog",
    515: "printer", 523: "ibm-db2", 548: "afpovertcp", 587: "submission", 631: "ipp", 636: "ldaps", 749: "kerberos-adm",
    873: "rsync", 902: "vmware-authd", 989: "ftps-data", 990: "ftps", 1270: "opsmgr", 1311: "openmanage", 1414: "ibm-mqseries",
    1433: "ms-sql-s", 1434: "ms-sql-m", 1521: "oracle", 1522: "oracle", 1526: "oracle", 1556: "veritas-pbx", 1883: "mqtt",
    1972: "intersys-cache", 2049: "nfs", 2483: "ttc", 2484: "ttc-ssl", 2500: "veeam", 2575: "hl7", 2762: "dicom-tls",
    3050: "gds-db", 3260: "iscsi-target", 3268: "msft-gc", 3269: "msft-gc-ssl", 3306: "mysql", 3389: "ms-wbt-server",
    4222: "nats", 4505: "salt", 4506: "salt", 4750: "ssad", 5044: "beats", 5353: "mdns", 5432: "postgresql", 5666: "nrpe",
    5671: "amqps", 5672: "amqp", 5723: "scom", 5985: "wsman", 5986: "wsmans", 6379: "redis", 6514: "syslog-tls",
    7001: "weblogic", 7002: "weblogic", 7937: "networker", 7938: "lgtomapper", 8008: "http-alt", 8080: "http-alt",
    8086: "influxdb", 8140: "puppet", 8400: "cvd", 8402: "abarsd", 8443: "https-alt", 8530: "wsus", 8531: "wsus",
    8834: "nessus", 8883: "secure-mqtt", 9042: "cassandra", 9090: "prometheus", 9092: "kafka", 9100: "node-exporter",
    9182: "windows-exporter", 9200: "elasticsearch", 9387: "veeam", 9392: "veeam", 9997: "splunk", 10000: "ndmp",
    10006: "veeam", 10050: "zabbix-agent", 10051: "zabbix-trapper", 10123: "sccm", 11112: "dicom", 11211: "memcache",
    12201: "gelf", 12489: "nscp", 13720: "bprd", 13724: "vnetd", 13782: "bpcd", 26257: "cockroachdb", 27017: "mongodb",
    30013: "sap-hana", 30015: "sap-hana", 50000: "db2", 61616: "activemq",
    DYNAMIC: "negotiated ports",
}  # fmt: skip


def services(port: pl.Expr, use: pl.Expr) -> pl.Expr:
    """Name and use of a port, such as ``ms-sql-s (database)``; one of them where the other says nothing; null for neither."""
    name = port.replace_strict(_NAMES, default=None, return_dtype=pl.String)
    told = pl.when(use != "application").then(use)
    return pl.coalesce(pl.format("{} ({})", name, told), name, told)

"""Port numbers, out of numbers, hexadecimal numbers or names of services.

Names: https://www.iana.org/assignments/service-names-port-numbers, those that enterprise servers listen on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.readers.flow_formats.amounts import GARBAGE, whole
from migrate.readers.flow_formats.fields import UNSET
from migrate.readers.flow_formats.hexadecimal import hexadecimal
from migrate.readers.flow_formats.lookup import number_of
from migrate.readers.flow_formats.protocols import WITH_PORTS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["SERVICES", "port_number"]

SERVICES = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "time": 37, "tacacs": 49, "domain": 53, "bootps": 67,
    "bootpc": 68, "tftp": 69, "finger": 79, "http": 80, "www": 80, "kerberos": 88, "iso-tsap": 102, "pop3": 110, "pop-3": 110,
    "sunrpc": 111, "auth": 113, "ident": 113, "nntp": 119, "ntp": 123, "epmap": 135, "loc-srv": 135, "netbios-ns": 137,
    "netbios-dgm": 138, "netbios-ssn": 139, "imap": 143, "imap2": 143, "snmp": 161, "snmptrap": 162, "snmp-trap": 162,
    "bgp": 179, "irc": 194, "ldap": 389, "svrloc": 427, "https": 443, "microsoft-ds": 445, "kpasswd": 464, "kpasswd5": 464,
    "isakmp": 500, "exec": 512, "login": 513, "shell": 514, "syslog": 514, "printer": 515, "router": 520, "route": 520,
    "rtsp": 554, "nntps": 563, "submission": 587, "ipp": 631, "ldaps": 636, "ldp": 646, "rsync": 873, "ftps": 990,
    "telnets": 992, "imaps": 993, "pop3s": 995, "socks": 1080, "openvpn": 1194, "ms-sql-s": 1433, "ms-sql-m": 1434,
    "oracle": 1521, "ncube-lm": 1521, "datametrics": 1645, "sa-msg-port": 1646, "l2f": 1701, "l2tp": 1701, "pptp": 1723,
    "radius": 1812, "radius-acct": 1813, "mqtt": 1883, "ssdp": 1900, "nfs": 2049, "zookeeper": 2181, "squid": 3128,
    "http-alt": 8080, "webcache": 8080, "http-proxy": 8080, "msft-gc": 3268, "msft-gc-ssl": 3269, "mysql": 3306,
    "ms-wbt-server": 3389, "iscsi-target": 3260, "ipsec-nat-t": 4500, "sip": 5060, "sip-tls": 5061, "xmpp-client": 5222,
    "mdns": 5353, "llmnr": 5355, "postgresql": 5432, "amqp": 5672, "amqps": 5671, "vnc": 5900, "rfb": 5900, "x11": 6000,
    "wsman": 5985, "wsmans": 5986, "redis": 6379, "syslog-tls": 6514, "ircd": 6667, "https-alt": 8443, "dicom": 11112,
    "memcache": 11211, "mongodb": 27017, "wap-wsp": 9200, "zabbix-agent": 10050, "zabbix-trapper": 10051,
}  # fmt: skip


def port_number(column: ir.Column | None, protocol: ir.IntegerValue, unnamed: int = 0) -> ir.IntegerValue:
    """A column as port numbers; 0 where nothing is set or the protocol has no ports, `GARBAGE` for fractions.

    Parameters
    ----------
    column
        Numbers or texts, or None: the table has no such column.
    protocol
        From `protocol_number`. What stands in the port of ICMP is its type and code.
    unnamed
        What a name stands for that is no service known here.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    number, garbage = whole(column), ibis.literal(GARBAGE, type="int64")
    if column is not None and column.type().is_string():
        word = column.lower().strip()
        number = ibis.cases(
            (word.re_search("^[0-9]{1,5}$"), word.try_cast("int64")),
            (word.isin(UNSET), ibis.literal(0, type="int64")),
            (word.re_search(r"^[0-9]{1,5}\.0*$"), word.re_extract("^([0-9]+)", 1).try_cast("int64")),
            (word.re_search("^0x"), hexadecimal(word).coalesce(garbage)),
            (word.re_search("^[a-z]"), number_of(word, SERVICES).coalesce(ibis.literal(unnamed, type="int64"))),
            else_=ibis.ifelse(word.isnull(), ibis.literal(0, type="int64"), garbage),
        )
    elif column is not None and column.type().is_floating():
        number = ibis.ifelse((column % 1 != 0).fill_null(False), garbage, number)
    return ibis.ifelse(protocol.isin(WITH_PORTS), number, 0).cast("int64")

"""IP addresses out of cells."""

from __future__ import annotations

import ipaddress

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.readers.addresses import canonical_ip, split_addresses

_TEXT = st.one_of(
    st.ip_addresses().map(str),
    st.lists(st.integers(0, 300), min_size=3, max_size=5).map(lambda octets: ".".join(map(str, octets))),
    st.sampled_from(
        ["127.0.0.1", "0.0.0.0", "224.0.0.1", "169.254.3.4", "010.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.1", "10.0.0.1/24", "x"]
    ),
)


@given(_TEXT)
def test_the_fast_way_says_what_ipaddress_says(text: str) -> None:
    good, bad = split_addresses(pl.DataFrame({"text": [text], "source": ["f:1"]}), "text")
    assert good["ip"].to_list() == [ip for ip in [canonical_ip(text)] if ip]
    if canonical_ip(text):
        assert str(ipaddress.ip_address(good["ip"][0])) == good["ip"][0]
        assert bad.is_empty()


def test_cells_may_hold_several() -> None:
    good, bad = split_addresses(
        pl.DataFrame({"text": ["[2001:DB8::1,10.0.0.1];", None, "10.0.0.2; web"], "n": [1, 2, 3]}), "text"
    )
    assert sorted(good.select("n", "ip").rows()) == [(1, "10.0.0.1"), (1, "2001:db8::1"), (3, "10.0.0.2")]
    assert bad.rows() == [(3, "web")]

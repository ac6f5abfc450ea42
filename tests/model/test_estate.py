"""Rows that cannot be used are quarantined with their reason; nothing else is lost."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.estate import build_estate

NAMES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8)
SIZES = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=64))


@given(NAMES, st.data())
def test_every_server_row_is_in_the_estate_or_in_a_finding(names: list[str], data: st.DataObject) -> None:
    rows = [
        {"server_id": name, "name": name, "vcpu": data.draw(SIZES), "source": f"x.csv:{row}"}
        for row, name in enumerate(names, start=2)
    ]
    schema = {"server_id": pl.String, "name": pl.String, "vcpu": pl.Float64, "source": pl.String}
    estate, findings = build_estate({"servers": pl.DataFrame(rows, schema=schema)})
    told = [finding.source for finding in findings if finding.code == "row-quarantined"]
    assert sorted([*estate.servers["source"], *told]) == sorted(str(row["source"]) for row in rows)


def test_a_disk_of_an_unknown_server_is_a_finding() -> None:
    servers = pl.DataFrame({"server_id": ["a"], "name": ["a"], "source": ["x.csv:2"]})
    disks = pl.DataFrame({"server_id": ["a", "z"], "disk": ["d", "d"], "capacity_gib": [1.0, 2.0], "source": ["y:2", "y:3"]})
    estate, findings = build_estate({"servers": servers, "disks": disks})
    assert estate.disks["server_id"].to_list() == ["a"]
    assert [(finding.code, finding.subject, finding.source) for finding in findings] == [("row-without-server", "z", "y:3")]

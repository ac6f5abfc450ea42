"""Price lists through boto3: the API is our backend beside moto, the files come from a server of this machine."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID

from migrate.errors import InputError, MigrateError, RequestError
from migrate.targets.prices import TERMS, load_book
from migrate.targets.prices.offers import fetch_offers, make_book, read_folder
from tests.cli.test_cli import run
from tests.targets.prices import savings_mock
from tests.targets.prices.estate_of_prices import OTHER, REGION, ec2, rds, transfer
from tests.targets.prices.offer_files import as_csv
from tests.targets.prices.pricing_mock import PriceListBackend, PriceListError, install, pricing_backends
from tests.targets.prices.savings_mock import savingsplans_backends

DAY = dt.date(2026, 9, 2)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address where its files are."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[PriceListBackend]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    install()
    savings_mock.install()
    with mock_aws():
        yield pricing_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]


def test_a_book_is_made_from_what_aws_offers(served: tuple[Path, str], backend: PriceListBackend) -> None:
    folder, address = served
    for service, products in {"AmazonEC2": ec2(), "AmazonRDS": rds(), "AWSDataTransfer": transfer()}.items():
        for region in (REGION, OTHER):
            own = [product for product in products if product.attributes.get("regionCode") == region]
            if own:
                (folder / f"{service}-{region}.csv").write_text(as_csv(service, own), encoding="utf-8")
                backend.add(service, region, f"{address}/{service}-{region}.csv")
    fetched = make_book(fetch_offers((REGION, OTHER), DAY), (REGION, OTHER))
    assert fetched.book == make_book(read_folder(folder)).book
    assert fetched.book.regions == (OTHER, REGION)


def test_the_verb_writes_the_book_that_aws_offers(
    served: tuple[Path, str], backend: PriceListBackend, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, address = served
    (folder / "ec2.csv").write_text(as_csv("AmazonEC2", ec2()), encoding="utf-8")
    backend.add("AmazonEC2", REGION, f"{address}/ec2.csv")
    out = folder / "book.json"
    words = ("prices", "refresh", "--out", str(out), "--regions", f"{REGION},", "--json")
    for more, terms in (((), {"on_demand", "reserved_1y", "reserved_3y", "savings_1y"}), (("--no-savings",), set(TERMS))):
        savingsplans_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].rates.clear()
        savingsplans_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].add(REGION, "m5.large", "0.07", 1)
        code, told, _ = run(monkeypatch, capsys, *words, *more)
        assert code == 0
        assert json.loads(told)["file"] == str(out)
        book = load_book(str(out))
        assert (set(book.hours["term"]), book.regions) == (terms, (REGION,))


def test_a_region_that_aws_does_not_have_is_told(backend: PriceListBackend) -> None:
    assert not backend.lists
    with pytest.raises(RequestError, match="no price list of AmazonEC2 in 'us-east-9' on 2026-09-02"):
        list(fetch_offers(("us-east-9",), DAY))


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("{}/missing.csv", MigrateError, "404"),
        ("{}/page.csv", InputError, "is not a price list file"),
        ("file:///etc/passwd", InputError, "not https"),
        ("http://192.0.2.1/list.csv", InputError, "not https"),
    ],
)
def test_a_file_that_cannot_be_had_is_told(
    served: tuple[Path, str], backend: PriceListBackend, address: str, kind: type[MigrateError], words: str
) -> None:
    folder, here = served
    (folder / "page.csv").write_text("<html>Sign in</html>", encoding="utf-8")
    backend.add("AmazonEC2", REGION, address.format(here))
    with pytest.raises(kind, match=words):
        list(fetch_offers((REGION,), DAY))


def test_missing_permission_is_told(backend: PriceListBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PriceListError("AccessDeniedException", "not authorized to perform pricing:ListPriceLists")

    monkeypatch.setattr(type(backend), "page", refused)
    with pytest.raises(MigrateError, match="pricing:ListPriceLists") as caught:
        list(fetch_offers((REGION,), DAY))
    assert "--from" in caught.value.remedy

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path

import boto3
import pytest

from migrate.errors import GuardError
from migrate.rehearsal import mocked_session, rehearse
from tests.factories import make_plan

REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "a-real-looking-token",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://aws.example.com",
    "AWS_ENDPOINT_URL_EC2": "https://ec2.example.com",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/admin",
    "HTTPS_PROXY": "http://proxy.example.com:3128",
    "TEST_SERVER_MODE": "true",
}


@pytest.fixture
def real_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile production]\nregion = eu-west-1\nendpoint_url = https://from-config.example.com\n")
    credentials = tmp_path / "credentials"
    credentials.write_text("[production]\naws_access_key_id = AKIAREALPROFILE00000\naws_secret_access_key = secret\n")
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))


@pytest.mark.usefixtures("real_environment")
def test_real_credentials_profiles_and_endpoints_are_ignored() -> None:
    before = dict(os.environ)
    with mocked_session() as session:
        keys = session.session.get_credentials()
        assert keys is not None
        assert keys.access_key == "REHEARSAL"
        client = session.client("ec2", "us-east-2")
        assert client.meta.endpoint_url == "https://ec2.us-east-2.amazonaws.com"
        assert client.meta.region_name == "us-east-2"
        assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ROLE_ARN", "HTTPS_PROXY"} & set(os.environ)
        assert client.describe_vpcs()["Vpcs"]
        assert session.client("sts", "us-east-1").get_caller_identity()["Account"] == "123456789012"
    assert dict(os.environ) == before


@pytest.mark.usefixtures("real_environment")
def test_a_rehearsal_passes_in_an_environment_full_of_real_settings() -> None:
    assert rehearse(make_plan(), 2).passed


def test_an_endpoint_of_ones_own_is_refused() -> None:
    with mocked_session() as session:
        client = session.session.client("ec2", region_name="us-east-2", endpoint_url="https://ec2.example.com")
        with pytest.raises(GuardError, match=r"tried to send POST https://ec2\.example\.com"):
            client.describe_vpcs()


def test_a_client_made_elsewhere_cannot_send_either() -> None:
    client = boto3.Session("a", "b", region_name="us-east-2").client("ec2", endpoint_url="https://ec2.example.com")
    with mocked_session(), pytest.raises(GuardError):
        client.describe_vpcs()


@pytest.mark.parametrize(
    "address", [("192.0.2.1", 443), ("169.254.169.254", 80), ("8.8.8.8", 53)], ids=["any", "metadata service", "resolver"]
)
def test_a_connection_out_of_the_machine_is_refused(address: tuple[str, int]) -> None:
    with mocked_session(), socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        with pytest.raises(GuardError, match="attempted during a rehearsal"):
            tcp.connect(address)
        with pytest.raises(GuardError):
            tcp.connect_ex(address)
        with pytest.raises(GuardError):
            udp.sendto(b"x", address)
        with pytest.raises(GuardError):
            udp.sendto(b"x", 0, address)


def test_looking_up_a_name_is_refused() -> None:
    with mocked_session(), pytest.raises(GuardError, match="looked up"):
        urllib.request.urlopen("https://example.com", timeout=1)


def test_connections_within_the_machine_work_and_sockets_are_put_back() -> None:
    original = socket.socket.connect
    with socket.create_server(("127.0.0.1", 0)) as server:
        with mocked_session(), socket.create_connection(server.getsockname(), timeout=5) as connection:
            connection.sendall(b"x")
        assert socket.socket.connect is original


def test_everything_is_put_back_after_a_failure() -> None:
    before, connect = dict(os.environ), socket.socket.connect
    with pytest.raises(ValueError, match="inside"), mocked_session():
        raise ValueError("inside")
    assert dict(os.environ) == before
    assert socket.socket.connect is connect
    assert rehearse(make_plan(), 2).passed


def test_a_foreign_session_is_refused() -> None:
    with pytest.raises(GuardError, match="refuses a Session"):
        rehearse(make_plan(), 1, session=boto3.Session("a", "b"))  # type: ignore[arg-type]


def test_a_session_is_dead_after_its_block() -> None:
    with mocked_session() as session:
        assert rehearse(make_plan(), 2, session=session).passed
    with pytest.raises(GuardError, match="has ended"):
        session.client("ec2", "us-east-2")
    with pytest.raises(GuardError, match="has ended"):
        rehearse(make_plan(), 2, session=session)


def test_two_rehearsals_at_once_are_refused() -> None:
    with mocked_session(), pytest.raises(GuardError, match="another rehearsal"):
        rehearse(make_plan(), 1)

"""Serving by TLS: a made certificate, a given one, and certificates that clients must show."""

import os
import signal
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme
from portal_process import ROOT, ended, first_line, interrupt, portal_mock
from raw_client import send
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver import server, tls, workers
from mockserver.app import create_app
from mockserver.store import open_store
from mockserver.tls import Tls

PATH = "/api/Appointments"
_PATIENCE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of an authority of our own: server, client (.pem, .key) and ca.pem; other is of another."""
    found: Path = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(found / "ca.pem")
    for name, made in (
        ("server", authority.issue_cert("127.0.0.1", "localhost")),
        ("client", authority.issue_cert("tester@portal.example")),
        ("other", trustme.CA().issue_cert("stranger@portal.example")),
    ):
        made.private_key_pem.write_to_path(found / f"{name}.key")
        made.cert_chain_pems[0].write_to_path(found / f"{name}.pem")
    return found


@pytest.fixture
def app() -> Iterator[server.Wsgi]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store)


def test_a_made_certificate_is_for_this_machines_names_and_the_host_alone(app: server.Wsgi, tmp_path: Path) -> None:
    with tls.made("portal.example", tmp_path) as made:
        with server.serving(app, tls=made) as url:
            assert url.startswith("https://127.0.0.1:")
            for name in ("127.0.0.1", "localhost"):
                there = url.replace("127.0.0.1", name)
                answer = requests.post(there + PATH, json=record(), verify=str(made.certificate), timeout=_PATIENCE)
                assert answer.status_code == 200
            with pytest.raises(requests.exceptions.SSLError):
                requests.get(f"{url}/_portal/health", timeout=_PATIENCE)
        found = ssl._ssl._test_decode_cert(str(made.certificate))  # type: ignore[attr-defined]
        assert set(found["subjectAltName"]) == {
            ("DNS", "localhost"),
            ("DNS", "portal.example"),
            ("IP Address", "127.0.0.1"),
            ("IP Address", "0:0:0:0:0:0:0:1"),
        }


def test_a_made_certificate_holds_before_the_strictest_checks(app: server.Wsgi) -> None:
    with tls.made("127.0.0.1", None) as made, server.serving(app, tls=made) as url:
        assert send(url, PATH, record(), cafile=str(made.certificate), strict=True).status == 200
        folder = made.certificate.parent
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_made_key_is_its_owners_alone(tmp_path: Path) -> None:
    with tls.made("127.0.0.1", tmp_path / "new") as made:
        assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_a_made_certificate_is_used_again_while_it_holds(tmp_path: Path) -> None:
    seen = []
    for host in ("127.0.0.1", "localhost", "portal.example", "portal.example", "127.0.0.1"):
        with tls.made(host, tmp_path) as made:
            seen.append(made.certificate.read_bytes())
    assert seen[0] == seen[1]  # localhost is in it anyway
    assert seen[1] != seen[2] == seen[3] == seen[4]
    (tmp_path / tls.KEY).write_text("spoilt", encoding="utf-8")
    with tls.made("127.0.0.1", tmp_path) as made:
        assert made.certificate.read_bytes() != seen[4]


def test_a_given_certificate_is_served(app: server.Wsgi, folder: Path) -> None:
    given = Tls(folder / "server.pem", folder / "server.key").check()
    with server.serving(app, tls=given) as url:
        assert requests.get(f"{url}/_portal/health", verify=str(folder / "ca.pem"), timeout=_PATIENCE).ok


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(app: server.Wsgi, folder: Path, version: ssl.TLSVersion) -> None:
    given = Tls(folder / "server.pem", folder / "server.key")
    with server.serving(app, tls=given) as url:
        assert send(url, PATH, record(), cafile=str(folder / "ca.pem"), version=version).status == 200


def test_a_client_without_a_certificate_of_the_authority_is_not_spoken_to(app: server.Wsgi, folder: Path) -> None:
    given = Tls(folder / "server.pem", folder / "server.key", folder / "ca.pem").check()
    with server.serving(app, tls=given) as url:
        own = (str(folder / "client.pem"), str(folder / "client.key"))
        other = (str(folder / "other.pem"), str(folder / "other.key"))
        trusted = str(folder / "ca.pem")
        assert requests.post(url + PATH, json=record(), verify=trusted, cert=own, timeout=_PATIENCE).ok
        for cert in (None, other):
            with pytest.raises(requests.ConnectionError):
                requests.post(url + PATH, json=record(), verify=trusted, cert=cert, timeout=_PATIENCE)
        health = requests.get(f"{url}/_portal/health", verify=trusted, cert=own, timeout=_PATIENCE).json()
        assert health["exchanges"] == 1


def test_who_speaks_plain_http_to_a_portal_with_tls_gets_no_answer(app: server.Wsgi, folder: Path) -> None:
    given = Tls(folder / "server.pem", folder / "server.key")
    with server.serving(app, tls=given) as url, pytest.raises(requests.ConnectionError):
        requests.get(url.replace("https", "http"), timeout=_PATIENCE)


def test_a_404_names_the_scheme_that_the_client_used(app: server.Wsgi, folder: Path) -> None:
    with server.serving(app, tls=Tls(folder / "server.pem", folder / "server.key")) as url:
        answer = requests.get(f"{url}/api/None", verify=str(folder / "ca.pem"), timeout=_PATIENCE)
        words = f"No HTTP resource was found that matches the request URI '{url}/api/None'."
        assert (answer.status_code, answer.json()) == (404, {"message": words})


@pytest.mark.parametrize("text", ["empty", "half", "reset"])
def test_faults_of_the_connection_are_seen_through_tls_too(folder: Path, text: str) -> None:
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store)
        with server.serving(app, tls=Tls(folder / "server.pem", folder / "server.key")) as url:
            trusted = str(folder / "ca.pem")
            requests.post(f"{url}/_portal/faults", data=text, verify=trusted, timeout=_PATIENCE).raise_for_status()
            with pytest.raises(requests.RequestException):
                requests.post(url + PATH, json=record(), verify=trusted, timeout=_PATIENCE)


@pytest.mark.parametrize(
    ("certificate", "key", "ca", "told"),
    [
        ("none.pem", "server.key", None, "--tls-cert"),
        ("server.pem", "none.key", None, "--tls-key"),
        ("server.pem", "client.key", None, "they are no certificate and its key"),
        ("server.key", "server.pem", None, "they are no certificate and its key"),
        ("server.pem", "encrypted.key", None, "the key is encrypted"),
        ("server.pem", "server.key", "none.pem", "--tls-client-ca"),
        ("server.pem", "server.key", "server.key", "holds no certificate"),
    ],
)
def test_files_that_cannot_be_used_are_named(
    folder: Path, certificate: str, key: str, ca: str | None, told: str
) -> None:
    from cryptography.hazmat.primitives import serialization

    plain = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None)
    secret = serialization.BestAvailableEncryption(b"TEST")
    (folder / "encrypted.key").write_bytes(
        plain.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
    )
    with pytest.raises(UsageError) as caught:
        Tls(folder / certificate, folder / key, None if ca is None else folder / ca).check()
    assert told in str(caught.value)
    assert "what to do" in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--tls-cert", "a.pem"), "belong together"),
        (("--tls", "--tls-cert", "a.pem", "--tls-key", "a.key"), "leave one of them out"),
        (("--tls-client-ca", "a.pem"), "needs TLS"),
        (("--tls-cert", "a.pem", "--tls-key", "a.key"), "cannot be read"),
    ],
)
def test_options_that_do_not_go_together_are_told(arguments: tuple[str, ...], told: str) -> None:
    code, out, err = ended("serve", "--port", "0", *arguments)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    "count", [1, pytest.param(2, marks=pytest.mark.skipif(not workers.POSSIBLE, reason="no fork"))]
)
def test_the_command_serves_by_tls_and_the_judge_speaks_with_it(tmp_path: Path, count: int) -> None:
    kept = tmp_path / "certificates"
    with portal_mock("serve", "--port", "0", "--tls-folder", str(kept), "--workers", str(count)) as process:
        line = first_line(process)
        url = line.split(" on ")[1].split("  ")[0]
        assert url.startswith("https://127.0.0.1:")
        trusted = str(kept / tls.CERTIFICATE)
        assert requests.get(f"{url}_portal/health", verify=trusted, timeout=_PATIENCE).json()["status"] == "ok"
        if count == 1:
            judged = subprocess.run(
                [sys.executable, "-m", "contracts.cli", "check", url, "--ca", trusted, "--only", "answer.*"],
                cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300,
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip
            assert judged.returncode == 0, judged.stdout + judged.stderr
        interrupt(process)
        _, err = process.communicate(timeout=_PATIENCE)
        assert f"certificate: {kept / tls.CERTIFICATE}" in err
        assert process.returncode in (0, -signal.SIGINT)


@pytest.mark.parametrize(
    ("arguments", "told", "untold"),
    [
        ((), ("asks nobody for a password", "in the clear"), ()),
        (("--tls",), ("asks nobody for a password",), ("in the clear",)),
        (
            ("--tls", "--auth", "bearer:env:TEST_PORTAL_SECRET"),
            ("everybody use /_portal/",), ("asks nobody", "in the clear"),
        ),
        (("--tls", "--auth", "bearer:env:TEST_PORTAL_SECRET", "--no-control"), (), ("warning",)),
    ],
)  # fmt: skip
def test_a_portal_for_other_machines_warns_of_what_it_does_not_ask(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: tuple[str, ...], untold: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TEST_PORTAL_SECRET", "sesame")
    with portal_mock("serve", "--port", "0", "--host", "0.0.0.0", *arguments) as process:
        first_line(process)
        interrupt(process)
        _, err = process.communicate(timeout=_PATIENCE)
    assert all(one in err for one in told), err
    assert not any(one in err for one in untold), err

"""How a target is reached, over the wire: TLS with an authority and a client certificate, a proxy, rate and budget."""

import ssl
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from zoo import Portal

from contracts.conformance import Settings, Target, check, settings_of, target_of
from contracts.conformance.config import read
from contracts.errors import TargetError

ONLY = ("id.*", "text.plain")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA(organization_name="Invented Authority")


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """A folder with ca.pem, and client.pem and client.key of that authority."""
    folder = tmp_path_factory.mktemp("tls")
    client = authority.issue_cert("client@portal.invalid")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    client.private_key_pem.write_to_path(folder / "client.key")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    return folder


@contextmanager
def portal_on_tls(authority, client_certificate=False):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    if client_certificate:
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    with Portal() as portal:
        portal.server.socket = context.wrap_socket(portal.server.socket, server_side=True)
        portal.url = portal.url.replace("http:", "https:")
        yield portal


def judged(contract, target, **settings):
    return check(contract, target, Settings(run_id="test", include=ONLY, **settings))


def refusal(contract, target):
    with pytest.raises(TargetError) as caught:
        judged(contract, target)
    return str(caught.value)


def test_an_authority_and_a_client_certificate_from_portal_toml_are_used(contract, authority, files):
    config = files / "portal.toml"
    config.write_text('[tls]\nca = "ca.pem"\nclient_cert = "client.pem"\nclient_key = "client.key"\n', encoding="utf-8")
    told = read(config)
    with portal_on_tls(authority, client_certificate=True) as portal:
        target = target_of(told, portal.url)
        report = check(contract, target, settings_of(told, run_id="test", include=("id.*", "together.one-new-key")))
    assert report.conclusion == "conforms" and len(portal.seen) == report.requests > 20


def test_a_missing_client_certificate_is_told(contract, authority, files):
    with portal_on_tls(authority, client_certificate=True) as portal:
        text = refusal(contract, Target(portal.url, verify=str(files / "ca.pem")))
    assert "client_cert and client_key" in text and portal.seen == []


def test_an_unknown_authority_is_told_with_both_ways_out(contract, authority):
    with portal_on_tls(authority) as portal:
        text = refusal(contract, Target(portal.url))
        assert "--ca FILE" in text and "--insecure" in text and portal.seen == []
        assert judged(contract, Target(portal.url, verify=False)).conclusion == "conforms"


def test_plain_http_to_a_port_with_tls_is_told(contract, authority):
    with portal_on_tls(authority) as portal:
        text = refusal(contract, Target(portal.url.replace("https:", "http:")))
    assert "write https:// instead of http://" in text


class _Proxy(BaseHTTPRequestHandler):
    """Passes on what it is asked in absolute form (RFC 9112 §3.2.2), and keeps the URLs."""

    protocol_version = "HTTP/1.1"
    urls: list[str]

    def _pass_on(self):
        self.urls.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "connection", "content-length")}
        asked = urllib.request.Request(self.path, data=body, headers=headers, method=self.command)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(asked, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("server", "date", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PATCH = _pass_on  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def proxy():
    handler = type("Proxy", (_Proxy,), {"urls": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler.urls
        server.shutdown()
        thread.join()


def test_every_request_goes_through_a_proxy_that_is_named(contract):
    with Portal() as portal, proxy() as (url, urls):
        report = judged(contract, Target(portal.url, proxy=url))
        assert report.conclusion == "conforms" and len(urls) == len(portal.seen) == report.requests
        assert set(urls) == {f"{portal.url}/api/Appointments"}


def test_no_proxy_of_the_environment_stands_before_this_machine(contract, monkeypatch):
    with Portal() as portal, proxy() as (url, urls):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, url)
        assert judged(contract, Target(portal.url)).conclusion == "conforms"
    assert urls == []


def test_a_proxy_that_is_down_is_told(contract):
    with Portal() as portal:
        text = refusal(contract, Target(portal.url, proxy="http://someone:invented-word@127.0.0.1:1"))
    assert "is the proxy running" in text and "invented-word" not in text and portal.seen == []


def test_no_more_requests_arrive_than_the_budget_has(contract):
    with Portal() as portal:
        report = judged(contract, Target(portal.url, budget=7))
        assert len(portal.seen) == 7
    assert report.conclusion == "not shown" and "the budget of 7 requests is spent" in report.notes[0]


def test_no_more_requests_arrive_in_a_second_than_the_rate_allows(contract):
    rate, begun = 100, time.monotonic()
    with Portal() as portal:
        report = judged(contract, Target(portal.url, rate=rate))
        assert time.monotonic() - begun >= (len(portal.seen) - 1) / rate
    assert report.conclusion == "conforms" and len(portal.seen) > 10

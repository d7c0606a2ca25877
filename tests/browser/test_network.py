"""A real server, open to the network: who is answered, what a page may do, many downloads."""

import socket
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

import httpx
import pytest
from driver import Server, open_page
from playwright.sync_api import Browser, Error

pytest_plugins = "pages_fixtures"

PATHS = ["/", "/claims", "/download/shares.csv", "/_stcore/health", "/_stcore/host-config", "/none"]


def handshake(server: Server, host: str) -> str:
    """The first line that answers a request for the page's own connection."""
    request = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("localhost", urlsplit(server.url).port or 0)) as connection:
        connection.sendall(request.encode())
        return connection.recv(200).decode("latin-1").partition("\r\n")[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8501", "192.168.7.7"])
def test_a_foreign_name_gets_nothing(sample_server: Server, path: str, host: str) -> None:
    answer = httpx.get(sample_server.url + path, headers={"host": host})
    assert answer.status_code == 400
    assert answer.text.startswith("This dashboard does not answer to the name ")
    assert "SOURCING_HOSTS=" in answer.text


def test_a_foreign_name_gets_no_connection(sample_server: Server) -> None:
    assert handshake(sample_server, "localhost").startswith("HTTP/1.1 101 ")
    assert handshake(sample_server, "127.0.0.1:1").startswith("HTTP/1.1 101 ")
    for host in ("evil.example", "192.168.7.7:8501"):
        assert handshake(sample_server, host).startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize("path", [*PATHS, "/_stcore/metrics", "/static/none.js"])
def test_every_answer_has_the_headers(sample_server: Server, path: str) -> None:
    for host in ("localhost", "evil.example"):
        headers = httpx.get(sample_server.url + path, headers={"host": host}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "microphone=()" in headers["permissions-policy"]


def test_the_metrics_are_closed(sample_server: Server) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=x"):
        assert httpx.get(sample_server.url + path).status_code == 404


def test_a_script_that_is_not_ours_does_not_run(browser: Browser, sample_server: Server) -> None:
    """Tests that fail on any word on the console show that our own scripts and charts run."""
    context = browser.new_context()
    page = context.new_page()
    open_page(page, sample_server.url)
    with pytest.raises(Error):
        page.add_script_tag(content="window.broken = true")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<a onclick=\"broken = 1\" id=x>')"
    )
    page.evaluate("document.querySelector('#x').click()")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://[::1]:9/x.png'}))")
    blocked = page.evaluate(
        "fetch('http://[::1]:9/').then(() => 'fetched', error => error.constructor.name)"
    )
    assert blocked == "TypeError"
    assert page.evaluate("window.broken") is None
    context.close()


def test_many_downloads_at_once_are_all_whole(demo_server: Server) -> None:
    """They wait for their turn, and the server answers other requests meanwhile."""

    address = f"{demo_server.url}/download/claims.csv"
    with ThreadPoolExecutor(30) as readers:
        downloads = [readers.submit(httpx.get, address, timeout=None) for _ in range(30)]
        wait(downloads, return_when=FIRST_COMPLETED)
        assert httpx.get(f"{demo_server.url}/_stcore/health", timeout=None).text == "ok"
        assert not all(download.done() for download in downloads)  # it did not wait for them
        answers = [download.result() for download in downloads]
    assert [answer.status_code for answer in answers] == [200] * 30
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].text.count("\r\n") > 12_000

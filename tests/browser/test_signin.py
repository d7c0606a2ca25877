"""Sign-in with a real OpenID provider: who may read, decide, publish and download."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from driver import WAIT_MS, OwnContext, Server, open_page, settled, start
from playwright.sync_api import Page, Route, expect

from sourcing.reviews import Person, Reviews, Role, address_of, decisions, meetings
from sourcing.server.access import Access
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = "pages_fixtures"

PEOPLE = [
    {"sub": "anna", "email": "anna@desk.example", "name": "Anna"},
    {"sub": "rob", "email": "rob@desk.example", "name": "Rob"},
    {"sub": "other-rob", "email": "rob.two@desk.example", "name": "Rob"},
    {"sub": "vic", "email": "vic@lab.example", "name": "Vic"},
    {"sub": "eve", "email": "eve@elsewhere.example", "name": "Eve"},
    {"sub": "mallory", "email": "anna@desk.example", "name": "Anna", "email_verified": False},
]
SECRETS = """
[auth]
redirect_uri = "{here}/oauth2callback"
cookie_secret = "a long random text that nobody can guess"
client_id = "dashboard"
client_secret = "known to both"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[roles]
admin = ["anna@desk.example"]
reviewer = ["@desk.example"]
viewer = ["@lab.example"]
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider in a process of its own, once it responds."""
    port = free_port()
    people = [part for who in PEOPLE for part in ("--user-claims", json.dumps(who))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen([*command, *people], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "running on" in line.lower():
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def own(sample: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse of these tests, with a meeting."""
    folder = tmp_path_factory.mktemp("signed") / "own"
    shutil.copytree(sample.folder, folder)
    warehouse = Warehouse(folder)
    reviews = Reviews(address_of(warehouse))
    current = warehouse.current()
    assert current is not None
    who = Person("Ada", Role.REVIEWER)
    meeting_id = meetings.create(reviews, who, meetings.Plan("May", "2026-05-31", "Ada"), current)
    meetings.add_items(reviews, who, meeting_id, [meetings.Item("seed-000-c001", "tie")])
    reviews.close()
    return warehouse


@pytest.fixture(scope="module")
def server(
    own: Warehouse, provider: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    port = free_port()
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text(SECRETS.format(here=f"http://localhost:{port}", provider=provider))
    running_server = start(own, "--server.port", str(port), "--secrets.files", str(secrets))
    running_server.url = f"http://localhost:{port}"
    yield running_server
    running_server.stop()


def sign_in(page: Page, sub: str) -> None:
    """Press the button, and answer the provider's form with this person."""

    def answer(route: Route) -> None:
        redirect = route.fetch(max_redirects=0)
        reply = httpx.post(redirect.headers["location"], data={"sub": sub}, follow_redirects=False)
        location = reply.headers["location"]
        route.fulfill(response=redirect, headers={**redirect.headers, "location": location})

    # The provider's own page would fetch a style from elsewhere.
    page.route(re.compile(r"/auth/login\?"), answer)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=WAIT_MS)
    settled(page)


def cookies(page: Page) -> dict[str, str]:
    return {item["name"]: item["value"] for item in page.context.cookies()}


def test_nobody_sees_anything_before_signing_in(page: Page, server: Server) -> None:
    open_page(page, f"{server.url}/claims")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_test_id("stDataFrame").count() == 0
    assert page.get_by_test_id("stSidebarUserContent").inner_text().strip() == ""
    for path in ("shares.csv", "claims.csv?source=mehr-news", "shares.csv?signed=x"):
        assert httpx.get(f"{server.url}/download/{path}").status_code == 403


def test_a_viewer_reads_and_downloads_but_does_not_decide(page: Page, server: Server) -> None:
    open_page(page, f"{server.url}/review")
    sign_in(page, "vic")
    expect(page).to_have_url(re.compile("/review"))  # back where the reader was going
    settled(page)
    expect(page.get_by_text("Signed in as Vic, ")).to_be_visible()
    expect(page.get_by_role("button", name="Plan this meeting")).to_have_count(0)
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.get_by_role("button", name="Look at its items").click()
    expect(page.get_by_text("Item 1 of 1")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    for name in ("Sourced", "Contested", "Skip"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    page.keyboard.press("1")
    settled(page)
    plain = httpx.get(f"{server.url}/download/shares.csv", cookies=cookies(page))
    assert plain.status_code == 200
    assert plain.content.startswith(b"\xef\xbb\xbfsnapshot,")


def test_minutes_need_the_same_permission(page: Page, server: Server) -> None:
    open_page(page, f"{server.url}/review?meeting=1")
    sign_in(page, "vic")
    expect(page).to_have_url(re.compile("/review"))
    settled(page)
    links = [item.get_attribute("href") for item in page.locator("a.paper").all()]
    assert len(links) == 2
    for link in links:
        assert link is not None
        assert httpx.get(server.url + link).status_code == 200
        assert httpx.get(server.url + link.partition("?")[0]).status_code == 403
    minutes, pack = links
    token = urlsplit(str(minutes)).query
    assert httpx.get(f"{server.url}{urlsplit(str(pack)).path}?{token}").status_code == 403


@pytest.mark.parametrize(("proxy", "secure"), [({"x-forwarded-proto": "https"}, True), ({}, False)])
def test_the_cookie_of_the_sign_in_travels_by_tls_only(
    context: OwnContext, server: Server, proxy: dict[str, str], secure: bool
) -> None:
    """Where a proxy says that the reader came by TLS; a browser counts localhost as safe, too."""
    page = context(extra_http_headers=proxy).new_page()
    open_page(page, server.url)
    sign_in(page, "vic")
    found = {item["name"]: item["secure"] for item in page.context.cookies()}
    assert found["_streamlit_user"] is secure


def test_who_lost_the_role_decides_no_more_and_reads_no_link(
    page: Page, own: Warehouse, provider: str, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    """The page stays open while the role is taken away; its key is pressed, its link is asked."""
    port, secrets = free_port(), tmp_path / "secrets.toml"
    settings = SECRETS.format(here=f"http://localhost:{port}", provider=provider)
    secrets.write_text(settings)
    serve(secrets, "--server.port", str(port))
    open_page(page, f"http://localhost:{port}/meeting?meeting=1")
    sign_in(page, "rob")
    expect(page.get_by_text("Item 1 of 1")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Rationale").fill("The article names the agency.")
    page.get_by_label("Rationale").press("Tab")
    settled(page)
    access = Access.of(tomllib.loads(settings))
    rob = {"is_logged_in": True, "email": "rob@desk.example"}
    link = f"http://localhost:{port}/download/shares.csv?signed={access.sign('shares', [], rob)}"
    assert httpx.get(link).status_code == 200
    reviews = Reviews(address_of(own))
    before = decisions.count(reviews)

    secrets.write_text(settings.replace('@desk.example"]', 'nobody@desk.example"]'))
    page.get_by_role("button", name="Sourced Shortcut 1").click()
    refused = page.get_by_text(
        "Rob may not hold meetings, decide, withdraw claims or record replies"
    )
    gone = page.get_by_text("which has no access")
    expect(refused.or_(gone).first).to_be_visible(timeout=WAIT_MS)
    assert decisions.count(reviews) == before
    answer = httpx.get(link)
    assert answer.status_code == 403
    assert answer.text.startswith("This link was made by rob@desk.example as reviewer, and ended")
    page.goto("about:blank")
    reviews.close()


def test_a_refused_decision_is_explained(page: Page, server: Server) -> None:
    """Also on a page that runs a script for people signed in."""
    open_page(page, f"{server.url}/meeting?meeting=1")
    sign_in(page, "rob")
    expect(page.get_by_text("Item 1 of 1")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    rationale = page.get_by_label("Rationale")
    rationale.fill("")  # a draft of this person from another test
    rationale.press("Tab")
    settled(page)
    page.get_by_role("button", name="Contested Shortcut 4").click()
    expect(page.get_by_text("Say why the decision differs")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    assert page.get_by_test_id("stException").count() == 0


def test_a_link_carries_its_permission_and_its_filters(page: Page, server: Server) -> None:
    open_page(page, f"{server.url}/?source=mehr-news")
    sign_in(page, "vic")
    expect(page).to_have_url(re.compile("source=mehr-news"))
    settled(page)
    link = page.locator("a.csv").first.get_attribute("href")
    assert link is not None
    response = httpx.get(server.url + link)
    assert response.status_code == 200
    rows = response.text.splitlines()[1:]
    assert rows
    assert all(",mehr-news," in row for row in rows)
    token = urlsplit(link).query
    for wrong in (
        f"/download/claims.csv?{token}",
        f"{link[:-3]}",
        f"{link}&source=other",
        "/download/shares.csv?source=mehr-news",
    ):
        assert httpx.get(server.url + wrong).status_code == 403, wrong


@pytest.mark.parametrize("sub", ["eve", "mallory"])
def test_a_person_without_a_role_sees_nothing(page: Page, server: Server, sub: str) -> None:
    open_page(page, f"{server.url}/claims")
    sign_in(page, sub)
    expect(page.get_by_text("which has no access")).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_test_id("stDataFrame").count() == 0
    got = httpx.get(f"{server.url}/download/shares.csv", cookies=cookies(page))
    assert got.status_code == 403


def test_a_forged_cookie_is_rejected(page: Page, server: Server) -> None:
    open_page(page, server.url)
    sign_in(page, "eve")
    value = cookies(page)["_streamlit_user"]
    for wrong in (value[:-4], "x", json.dumps({"is_logged_in": True, "email": "vic@lab.example"})):
        got = httpx.get(f"{server.url}/download/shares.csv", cookies={"_streamlit_user": wrong})
        assert got.status_code == 403


def test_the_signed_in_name_is_used_and_cannot_be_typed(
    context: OwnContext, server: Server, own: Warehouse
) -> None:
    """Two people with the same name are recorded separately."""
    reviews = Reviews(address_of(own))
    for sub in ("rob", "other-rob"):
        page = context().new_page()
        open_page(page, f"{server.url}/review?meeting=new")
        sign_in(page, sub)
        expect(page.get_by_label("Your name")).to_have_count(0)
        page.get_by_label("Title").fill(f"Planned by {sub}")
        page.get_by_role("button", name="Plan this meeting").click()
        expect(page.get_by_role("button", name="Hold this meeting")).to_be_visible(timeout=WAIT_MS)
        expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    creators = {meeting.plan.title: meeting.created_by for meeting in meetings.every(reviews)}
    reviews.close()
    assert creators["Planned by rob"] == "Rob"
    assert creators["Planned by other-rob"] == "Rob (rob.two@desk.example)"


def test_signing_out_ends_access(page: Page, server: Server) -> None:
    open_page(page, server.url)
    sign_in(page, "anna")
    expect(page.get_by_text("Signed in as Anna, ")).to_be_visible()

    def answer(route: Route) -> None:
        led = route.fetch(max_redirects=0)
        assert "/oauth2/end_session" in led.headers["location"]
        route.fulfill(response=led, headers={**led.headers, "location": server.url})

    page.route(re.compile(r"/auth/logout"), answer)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=WAIT_MS)
    assert "_streamlit_user" not in cookies(page)


@pytest.fixture
def serve(own: Warehouse) -> Iterator[Callable[..., Server]]:
    """Start a server with a secrets file; it is always stopped."""
    with ExitStack() as stack:

        def started(secrets: Path, *options: str) -> Server:
            server = start(own, "--secrets.files", str(secrets), *options)
            stack.callback(server.stop)
            return server

        yield started


@pytest.mark.parametrize("wrong", ["[auth\n", "[auth]\nclient_id = 'x'\n", "[roles]\n"])
def test_invalid_secrets_give_no_access(
    page: Page, serve: Callable[..., Server], tmp_path: Path, wrong: str
) -> None:
    """Neither pages nor downloads: a mistake in the file must not make everybody an admin."""
    (tmp_path / "secrets.toml").write_text(wrong)
    server = serve(tmp_path / "secrets.toml")
    page.goto(server.url)
    expect(page.get_by_text("secrets.toml: ")).to_be_visible(timeout=WAIT_MS)
    assert page.locator("a.csv").count() == 0
    assert page.get_by_test_id("stPlotlyChart").count() == 0
    assert httpx.get(f"{server.url}/download/shares.csv").status_code == 403


def test_removed_secrets_give_no_access(
    page: Page, serve: Callable[..., Server], provider: str, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(SECRETS.format(here="http://localhost:1", provider=provider))
    server = serve(secrets)
    address = f"{server.url}/download/shares.csv"
    assert "Sign in" in httpx.get(address).text
    secrets.write_text("")
    deadline = time.monotonic() + WAIT_MS / 1000
    while "is gone from the secrets file" not in (answer := httpx.get(address)).text:
        assert answer.status_code == 403
        assert time.monotonic() < deadline
    assert answer.status_code == 403
    page.goto(server.url)
    message = "The section [auth], which says who has access, is gone from the secrets file."
    expect(page.get_by_text(message)).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_test_id("stPlotlyChart").count() == 0
    page.goto("about:blank")

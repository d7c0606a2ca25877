"""Access rules and signed links (browser tests cover the real provider)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.errors import AccessError
from sourcing.reviews import Role
from sourcing.server.access import DAYS, Access

SECRET = "a long random text"
AUTH = {
    "redirect_uri": "https://sources.example/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "dashboard",
    "client_secret": "known to both",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}
ROLES = {"admin": ["anna@desk.example"], "reviewer": ["@desk.example"], "annotator": []}
NOW = 1_800_000_000.0
DAY_S = 86_400

Pairs = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=6)


def configured(**roles: Any) -> Access:
    return Access.of({"auth": AUTH, "roles": {**ROLES, **roles}})


def user(email: str, **claims: Any) -> dict[str, Any]:
    return {"is_logged_in": True, "email": email, **claims}


ANNA = user("anna@desk.example")


def test_without_configuration_there_is_no_sign_in() -> None:
    assert not Access.of({}).sign_in
    assert not Access.of({"connections": {}}).sign_in


@pytest.mark.parametrize(
    ("secrets", "message"),
    [
        ({"auth": {}}, "no cookie_secret"),
        ({"auth": "x"}, "no cookie_secret"),
        ({"auth": {"cookie_secret": ""}}, "no cookie_secret"),
        ({"auth": {**AUTH, "cookie_secret": 7}}, "no cookie_secret"),
        ({"auth": {**AUTH, "client_id": ""}}, "no client_id"),
        ({"auth": {**AUTH, "redirect_uri": None}}, "no redirect_uri"),
        ({"auth": {"cookie_secret": "x", "google": AUTH}}, "no redirect_uri"),
        ({"roles": {"admin": ["a@b"]}}, "nobody can sign in"),
        ({"Auth": AUTH}, "nobody can sign in"),
        ({"Roles": {}}, "nobody can sign in"),
        ({"auth": AUTH, "roles": "admin"}, "may hold only"),
        ({"auth": AUTH, "roles": {"boss": []}}, "may hold only"),
        ({"auth": AUTH, "roles": {"admin": "a@b"}}, "needs a list"),
        ({"auth": AUTH, "roles": {"admin": ["anna"]}}, "needs a list"),
        ({"auth": AUTH, "roles": {"admin": [7]}}, "needs a list"),
    ],
)
def test_a_configuration_that_cannot_be_used(secrets: dict[str, Any], message: str) -> None:
    with pytest.raises(AccessError, match=message):
        Access.of(secrets)


@pytest.mark.parametrize(
    ("visitor", "role"),
    [
        (user("anna@desk.example"), Role.ADMIN),
        (user("bo@desk.example"), Role.REVIEWER),
        (user("eve@elsewhere.example"), Role.VIEWER),
        (user(""), Role.VIEWER),
        (user("anna@desk.example", email_verified=False), Role.VIEWER),
        (user("anna@desk.example", email_verified="false"), Role.VIEWER),
        (user("anna@desk.example", email_verified=True), Role.ADMIN),
        ({"email": "anna@desk.example"}, None),
        ({"email": "anna@desk.example", "is_logged_in": False}, None),
        ({}, None),
        (None, None),
    ],
)
def test_roles(visitor: dict[str, Any] | None, role: Role | None) -> None:
    assert configured().role(visitor) is role


def test_a_list_of_viewers_excludes_everybody_else() -> None:
    access = configured(viewer=["@lab.example"])
    assert access.role(user("vic@lab.example")) is Role.VIEWER
    assert access.role(user("bo@desk.example")) is Role.REVIEWER
    assert access.role(user("eve@elsewhere.example")) is None
    assert access.role(user("anna@desk.example", email_verified=False)) is None


@given(Pairs)
def test_a_link_restores_its_filters(pairs: list[tuple[str, str]]) -> None:
    access = configured()
    assert access.signed(access.sign("shares", pairs, ANNA, NOW), "shares", NOW) == pairs


@given(Pairs, st.floats(0, 400 * DAY_S))
def test_a_link_expires(pairs: list[tuple[str, str]], later: float) -> None:
    """A link is valid for at least DAYS whole days and at most one day longer."""
    access = configured()
    token = access.sign("shares", pairs, ANNA, NOW)
    if later <= DAYS * DAY_S:
        assert access.signed(token, "shares", NOW + later) == pairs
    elif later > (DAYS + 1) * DAY_S:
        with pytest.raises(AccessError, match="has expired"):
            access.signed(token, "shares", NOW + later)


@given(Pairs, st.data())
def test_a_link_that_was_changed_is_refused(pairs: list[tuple[str, str]], data: Any) -> None:
    access = configured()
    token = access.sign("shares", pairs, ANNA, NOW)
    place = data.draw(st.integers(0, len(token) - 2))  # the last character may have unused bits
    character = data.draw(st.sampled_from("abcXYZ0189-_.").filter(lambda c: c != token[place]))
    with pytest.raises(AccessError):
        access.signed(token[:place] + character + token[place + 1 :], "shares", NOW)


def test_a_link_is_for_one_table_and_one_secret() -> None:
    access = configured()
    token = access.sign("shares", [("source", "s")], ANNA, NOW)
    with pytest.raises(AccessError, match="for the table shares, not for claims"):
        access.signed(token, "claims", NOW)
    with pytest.raises(AccessError, match="not made by this dashboard"):
        Access("another secret", ROLES).signed(token, "shares", NOW)


def test_a_redrawn_page_has_the_same_link() -> None:
    access = configured()
    start = NOW - NOW % DAY_S
    links = {access.sign("shares", [("a", "b")], ANNA, start + s) for s in (0, 3_600, DAY_S - 1)}
    assert len(links) == 1


# Links end with the role of their maker -----------------------------------------------------------


@pytest.mark.parametrize(
    ("maker", "later"),
    [
        (ANNA, {"admin": [], "reviewer": ["@desk.example"]}),  # an admin who is a reviewer now
        (ANNA, {"admin": [], "reviewer": []}),  # … who only reads now, as everybody may
        (ANNA, {"admin": [], "reviewer": [], "viewer": ["@lab.example"]}),  # … without any access
        (user("bo@desk.example"), {"reviewer": ["anna@desk.example"]}),  # by the domain until now
        (user("eve@elsewhere.example"), {"viewer": ["@desk.example"]}),  # everybody read until now
        (user("eve@desk.example", email_verified=False), {"viewer": ["@desk.example"]}),
    ],
)
def test_a_link_ends_with_the_role_of_its_maker(
    maker: dict[str, Any], later: dict[str, list[str]]
) -> None:
    token = configured().sign("shares", [("source", "s")], maker, NOW)
    assert configured().signed(token, "shares", NOW) == [("source", "s")]
    with pytest.raises(
        AccessError, match=r"made by .+ and ended with that role\. Sign in and copy"
    ):
        configured(**later).signed(token, "shares", NOW)


def test_a_link_holds_while_its_maker_keeps_or_gains_a_role() -> None:
    before = Access.of({"auth": AUTH, "roles": {"annotator": ["anna@desk.example"]}})
    token = before.sign("shares", [], ANNA, NOW)
    assert configured().signed(token, "shares", NOW) == []
    others = configured(viewer=["@lab.example"], annotator=["bo@desk.example"])
    assert others.signed(token, "shares", NOW) == []


def test_a_link_names_its_maker_in_the_refusal() -> None:
    token = configured().sign("shares", [], ANNA, NOW)
    with pytest.raises(AccessError, match=r"anna@desk\.example as admin"):
        configured(admin=[], reviewer=[]).signed(token, "shares", NOW)


@pytest.mark.parametrize("maker", [[], ["anna@desk.example"]])
def test_a_link_of_an_earlier_version_is_refused(maker: list[str]) -> None:
    """It does not say who made it, so it could not end with the role."""
    access = configured()
    token = str(access._signer().dumps(["shares", [], NOW + DAY_S, *maker]))
    with pytest.raises(AccessError, match=r"does not say who made it.+Copy a new one"):
        access.signed(token, "shares", NOW)


def test_nobody_without_a_role_makes_a_link() -> None:
    access = configured(viewer=["@lab.example"])
    for visitor in ({}, user("eve@elsewhere.example")):
        with pytest.raises(AccessError, match="Only somebody with a role"):
            access.sign("shares", [], visitor, NOW)

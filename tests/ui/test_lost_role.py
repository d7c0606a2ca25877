"""A page that is still open after its reader lost the role: each button once more."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pages_support
import pytest
import support
from pages_support import sound
from sqlalchemy import func, select
from streamlit import config
from streamlit.testing.v1 import AppTest

from sourcing.errors import RefusedError
from sourcing.filters import Filters
from sourcing.reviews import (
    Person,
    Reviews,
    Role,
    address_of,
    decisions,
    meetings,
    schema,
    withdrawals,
)
from sourcing.ui import sign_in
from sourcing.ui.meetings import publishing
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

pytest_plugins = ("pages_fixtures", "review_fixtures")

SECRETS = """
[auth]
redirect_uri = "https://sources.example/oauth2callback"
cookie_secret = "a long random text"
client_id = "dashboard"
client_secret = "known to both"
server_metadata_url = "https://provider.example/.well-known/openid-configuration"

[roles]
{role} = ["rob@desk.example"]
"""
ROB = {"is_logged_in": True, "email": "rob@desk.example", "name": "Rob"}


class Desk:
    """A warehouse with a meeting of two claims, and the file that says who has which role."""

    def __init__(self, warehouse: Warehouse, secrets: Path) -> None:
        self.warehouse, self.secrets = warehouse, secrets
        self.reviews = Reviews(address_of(warehouse))
        with pages_support.opened(warehouse) as snapshot:
            claims = queries.listed(snapshot, "claims", Filters(), 2)
            self.claims = [str(claim) for claim in claims["claim_id"]]
            self.source = str(claims["source_id"].iloc[0])
            who = Person("Ada", Role.REVIEWER)
            plan = meetings.Plan("May", "2026-05-31", "Ada")
            self.meeting_id = meetings.create(self.reviews, who, plan, snapshot.id)
        items = [meetings.Item(claim, "tie") for claim in self.claims]
        meetings.add_items(self.reviews, who, self.meeting_id, items)

    def give(self, role: str) -> None:
        self.secrets.write_text(SECRETS.format(role=role))

    def open(self, page: str, **query: str) -> AppTest:
        app = AppTest.from_file(support.ROOT / "dashboard.py", default_timeout=60)
        app.user = ROB
        app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return sound(app.run())

    def written(self) -> dict[str, object]:
        """How many rows each table has, and the files of the warehouse."""
        with self.reviews.reading() as con:
            rows: dict[str, object] = {
                table.name: con.execute(select(func.count()).select_from(table)).scalar_one()
                for table in schema.database.metadata.sorted_tables
            }
        return rows | {"files": sorted(map(str, self.warehouse.snapshots_folder.iterdir()))}


@pytest.fixture
def desk(sample: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    warehouse = Warehouse(Path(shutil.copytree(sample.folder, tmp_path / "own")))
    monkeypatch.setenv(VARIABLE, str(warehouse.folder))
    monkeypatch.setattr(sign_in, "_configured", threading.Event())
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(tmp_path / "secrets.toml")])
    own = Desk(warehouse, tmp_path / "secrets.toml")
    yield own
    config.set_option("secrets.files", before)
    own.reviews.close()


def press(page: AppTest, label: str) -> None:
    """Press the first button of this label, as the page that is still open shows it."""
    next(item for item in page.button if item.label.startswith(label)).click()


def decide(desk: Desk) -> AppTest:
    page = desk.open("meeting", item=desk.claims[0])
    page.text_area[0].set_value("The article names the agency.")
    press(page, "Sourced")
    return page


def take_back(desk: Desk) -> AppTest:
    decision = decisions.Decision(desk.claims[0], "sourced", "Named.", meeting_id=desk.meeting_id)
    decisions.record(desk.reviews, Person("Ada", Role.REVIEWER), decision, 0)
    page = desk.open("meeting", item=desk.claims[0])
    press(page, "Take back the decision")
    return page


def skip(desk: Desk) -> AppTest:
    page = desk.open("meeting", item=desk.claims[0])
    press(page, "Skip")
    return page


def plan(desk: Desk) -> AppTest:
    page = desk.open("review", meeting="new")
    press(page, "Plan this meeting")
    return page


def fill(desk: Desk) -> AppTest:
    page = desk.open("review")
    press(page, "Fill ")
    return page


def opened(page: AppTest, key: str) -> AppTest:
    page.session_state[key] = True
    return sound(page.run())


def change(desk: Desk) -> AppTest:
    page = opened(desk.open("review"), f"change meeting {desk.meeting_id}")
    press(page, "Record")
    return page


def close(desk: Desk) -> AppTest:
    page = opened(desk.open("review"), f"change meeting {desk.meeting_id}")
    press(page, "Close this meeting")
    return page


def reply(desk: Desk) -> AppTest:
    page = opened(desk.open("source", of=desk.source), f"reply {desk.source} ")
    page.text_area[0].set_value("Who said so?")
    press(page, "Record")
    return page


def comment(desk: Desk) -> AppTest:
    page = opened(desk.open("claims", claim=desk.claims[0]), f"comments {desk.claims[0]}")
    page.text_area[-1].set_value("Why?")
    press(page, "Add")
    return page


def annotate(desk: Desk) -> AppTest:
    page = desk.open("annotate", item=desk.claims[0])
    press(page, "Sourced")
    sound(page.run())
    press(page, "Save and next")
    return page


def leave(desk: Desk) -> AppTest:
    page = desk.open("annotate", item=desk.claims[0])
    page.text_input(key=f"later of the answer to {desk.claims[0]}").set_value("Unsure.")
    press(page, "Leave it")
    return page


def suggest(desk: Desk) -> AppTest:
    page = desk.open("annotate", item=desk.claims[0])
    page.toggle(key="suggest").set_value(True)
    return page


def publish(desk: Desk) -> AppTest:
    decision = decisions.Decision(desk.claims[0], "unsourced", "No source.")
    decisions.record(desk.reviews, Person("Ada", Role.REVIEWER), decision, 0)
    page = desk.open("review")
    page.button(key="publish").click()
    return page


def withdraw(desk: Desk) -> AppTest:
    key = f"withdrawal {desk.claims[0]} after 0"
    page = opened(desk.open("claims", claim=desk.claims[0]), f"{key} open")
    page.text_area(key=f"{key} reason").set_value("A reader's letter.")
    press(page, "Withdraw")
    return page


def take_back_withdrawal(desk: Desk) -> AppTest:
    gone = withdrawals.Withdrawal(desk.claims[0], "A reader's letter.")
    withdrawals.record(desk.reviews, Person("Ada", Role.REVIEWER), gone, 0)
    page = desk.open("claims", claim=desk.claims[0])
    press(page, "Take back")
    return page


OLD_PAGES: list[Callable[[Desk], AppTest]] = [
    decide, take_back, skip, plan, fill, change, close, reply, comment, annotate, leave, suggest,
    withdraw, take_back_withdrawal, publish,
]  # fmt: skip


@pytest.mark.parametrize("old_page", OLD_PAGES)
def test_a_button_of_an_old_page_records_nothing(
    desk: Desk, old_page: Callable[[Desk], AppTest]
) -> None:
    desk.give("admin")
    page = old_page(desk)
    before = desk.written()
    desk.give("viewer")
    page.run()
    assert desk.written() == before
    assert not page.exception
    said = [item.value for item in (*page.warning, *page.error)]
    assert any("Your role is now viewer; it was admin" in text for text in said)


@pytest.mark.parametrize(
    "old_page", [decide, take_back, skip, annotate, leave, withdraw, take_back_withdrawal]
)
def test_a_refused_key_says_why(desk: Desk, old_page: Callable[[Desk], AppTest]) -> None:
    """A key runs before the page is drawn again, so its own sentence is shown, too."""
    desk.give("admin")
    page = old_page(desk)
    desk.give("viewer")
    page.run()
    shown = "\n".join(pages_support.unescaped(item.value) for item in page.error)
    assert "Rob may not " in shown


@pytest.mark.parametrize("old_page", OLD_PAGES)
def test_a_reader_without_any_access_left_records_nothing(
    desk: Desk, old_page: Callable[[Desk], AppTest]
) -> None:
    desk.give("admin")
    page = old_page(desk)
    before = desk.written()
    desk.secrets.write_text(SECRETS.format(role="viewer").replace("rob@", "eve@"))
    page.run()
    assert desk.written() == before
    assert not page.exception
    assert any("which has no access" in item.value for item in page.warning)


def test_a_page_drawn_before_sign_in_was_configured_records_nothing(desk: Desk) -> None:
    """Without sign-in everybody is an admin; that ends with the first line of [auth]."""
    desk.secrets.write_text("")
    page = desk.open("meeting", item=desk.claims[0])
    page.text_area[0].set_value("The article names the agency.")
    press(page, "Sourced")
    before = desk.written()
    desk.secrets.write_text(SECRETS.format(role="viewer"))
    page.run()
    assert desk.written() == before


def test_a_broken_configuration_records_nothing(desk: Desk) -> None:
    desk.give("admin")
    page = decide(desk)
    before = desk.written()
    desk.secrets.write_text("[auth\n")
    page.run()
    assert desk.written() == before
    assert any("it is unknown who has access" in item.value for item in page.error)


def test_publishing_asks_for_the_role_before_it_starts_anything(desk: Desk) -> None:
    before = desk.written()
    for held in (Role.REVIEWER, None):
        with pytest.raises(RefusedError, match="Rob may not publish"):
            publishing._publish(Person("Rob", Role.ADMIN, role_now=lambda held=held: held))
    assert desk.written() == before


def test_a_role_that_stays_records(desk: Desk) -> None:
    desk.give("admin")
    page = decide(desk)
    sound(page.run())
    assert decisions.count(desk.reviews) == 1
    assert not page.warning

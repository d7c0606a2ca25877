"""The list of pages, from which navigation, filters, addresses and tests are built.

A new page is a file in `pages/` and an entry here.
"""

from dataclasses import dataclass

from sourcing.filters import COUNTED, LISTED, ON_ARTICLES

_COUNTED = (*COUNTED, "since", "until")
_SHARES = ("view", "weighting", *_COUNTED)


@dataclass(frozen=True)
class PageEntry:
    """A page: `pages/<address>.py`, at the address of the same name; the first is the start page.

    group: its heading in the navigation. filters: those that apply to it, offered in the sidebar.
    state: the other names that it keeps in its address.
    """

    address: str
    title: str
    icon: str
    group: str
    filters: tuple[str, ...] = _SHARES
    state: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The file of the page, relative to the root of the project."""
        return f"pages/{self.address}.py"


LOOK, WORK, CHECK = "Look", "Work", "Check"
PAGES = (
    PageEntry("overview", "Overview", "bar_chart", LOOK, state=("order", "show", "least", "rows")),
    PageEntry("source", "Source", "newspaper", LOOK, state=("of", "on", "grain", "rows")),
    PageEntry(
        "compare",
        "Compare",
        "compare_arrows",
        LOOK,
        state=(
            *("by", "a", "b", "a_since", "a_until", "b_since", "b_until", "before"),
            *("mix", "on", "grain"),
        ),
    ),
    PageEntry("ranking", "Ranking", "format_list_numbered", LOOK, state=("on", "rows")),
    PageEntry(
        "claims",
        "Claims",
        "format_quote",
        LOOK,
        filters=("view", *_COUNTED, *LISTED, "search"),
        state=("rows",),
    ),
    PageEntry(
        "annotate",
        "Annotate",
        "edit_note",
        WORK,
        filters=(*ON_ARTICLES, "topic"),
        state=("which", "item"),
    ),
    PageEntry("review", "Review", "gavel", WORK, state=("meeting", "why", "first")),
    PageEntry("meeting", "Meeting", "groups", WORK, filters=(), state=("meeting", "item")),
    PageEntry(
        "agreement",
        "Agreement",
        "handshake",
        CHECK,
        filters=ON_ARTICLES,
        state=("among", "rule", "rows"),
    ),
    PageEntry(
        "since",
        "Since last time",
        "difference",
        CHECK,
        filters=("view", *ON_ARTICLES, "topic"),
        state=("before", "of", "on", "cause"),
    ),
    PageEntry("method", "Method", "menu_book", CHECK, filters=_COUNTED),
)

BY_ADDRESS = {page.address: page for page in PAGES}
STATE = ("snapshot", *dict.fromkeys(name for page in PAGES for name in page.state))
"""What pages keep in the address besides filters: the snapshot and their own state."""

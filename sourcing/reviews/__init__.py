"""Reviews: meetings, decisions, answers, comments and replies, kept in a database of their own.

Nothing in it is ever changed or deleted. The next `python -m etl publish` carries decisions and
answers into a snapshot as label events.
"""

from sourcing.reviews import answers, decisions, events, meetings, remarks
from sourcing.reviews.database import Reviews
from sourcing.reviews.people import Person, Role, known_as, role_of
from sourcing.reviews.place import VARIABLE, address_of, is_there

__all__ = [
    "VARIABLE",
    "Person",
    "Reviews",
    "Role",
    "address_of",
    "answers",
    "decisions",
    "events",
    "is_there",
    "known_as",
    "meetings",
    "remarks",
    "role_of",
]

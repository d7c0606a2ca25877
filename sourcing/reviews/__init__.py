"""Reviews: meetings, decisions, answers, comments and replies, kept in a database of their own.

Nothing in it is ever changed or deleted. The next `python -m etl publish` carries decisions and
answers into a snapshot as label events.
"""

from sourcing.reviews import answers, decisions, meetings, remarks
from sourcing.reviews.database import Reviews
from sourcing.reviews.location import VARIABLE, address_of, is_there
from sourcing.reviews.people import Person, Role, known_as, role_of

__all__ = [
    "VARIABLE",
    "Person",
    "Reviews",
    "Role",
    "address_of",
    "answers",
    "decisions",
    "is_there",
    "known_as",
    "meetings",
    "remarks",
    "role_of",
]

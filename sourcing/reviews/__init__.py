"""Reviews: meetings, decisions, answers, withdrawals, remarks, in a database of their own.

Its records are never changed or deleted. The next `python -m etl publish` copies decisions, answers
and withdrawals into a snapshot.
"""

from sourcing.reviews import answers, decisions, drafts, meetings, remarks, withdrawals
from sourcing.reviews.database import Reviews
from sourcing.reviews.location import VARIABLE, address_of, is_there
from sourcing.reviews.people import Person, Role, recorded_name, role_of

__all__ = [
    "VARIABLE",
    "Person",
    "Reviews",
    "Role",
    "address_of",
    "answers",
    "decisions",
    "drafts",
    "is_there",
    "meetings",
    "recorded_name",
    "remarks",
    "role_of",
    "withdrawals",
]

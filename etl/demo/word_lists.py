"""The word lists of the claims: invented places, and for each topic who acts and what is done.

Slots in braces stand for numbers: {n} a count, {p} a percentage, {m} a sum of money, {t} a length
of time. Within a topic, any body and any act make a sentence, of at most 25 words with the
ending.
"""

from dataclasses import dataclass

PLACES = (
    *(
        "Velmora",
        "Tarnholt",
        "Quillhaven",
        "Brindlemere",
        "Calderost",
        "Port Ellary",
        "Marrowfield",
    ),
    *("Ostermoor", "Lindisquay", "Fenwarden", "Sallowick", "Kestrel Bay", "Dunmarrow", "Thornlee"),
    *("Arvenna", "Mirefort", "Halvensund", "Corbray", "Eastrey", "Vantholm", "Pellinor Bay"),
    *("Grayling", "Norwyck", "Silverreach", "Ambleford", "Rookmere", "Tolvaard", "Belcastro Hill"),
    *("Winterbeck", "Isenwald", "Morvane", "Larkspur", "Castelrin", "Oldharbour", "Veyra"),
    *("Stonequay", "Hollinbrook", "Draymoor", "Saint Orle", "Upper Talling"),
)


@dataclass(frozen=True)
class Topic:
    """What claims of one topic are about.

    `bodies` are those who act, separated by commas; `nouns` are for headlines, in the order of
    `outlets.LANGUAGES`: English, German, French, Spanish.
    """

    slug: str
    bodies: str
    acts: tuple[str, ...]
    nouns: tuple[str, str, str, str]


TOPICS = (
    Topic(
        "public-health",
        "health board, main hospital, ambulance service, children's clinic, drug regulator",
        (
            "reported {n} cases of measles",
            "cut waiting times for operations by {p}",
            "recruited {n} nurses from abroad",
            "spent {m} on protective equipment",
            "vaccinated {p} of residents over 65",
            "postponed {n} planned operations",
            "closed a ward for {t}",
            "may merge {n} smaller practices",
        ),
        ("waiting lists", "Wartelisten", "listes d'attente", "listas de espera"),
    ),
    Topic(
        "housing",
        "housing office, tenants' union, building society, land registry, planning committee",
        (
            "approved {n} new flats near the station",
            "recorded a rise in rents of {p}",
            "sold {n} council homes",
            "refused {n} applications for demolition",
            "lent {m} to first-time buyers",
            "found damp in {p} of the homes it inspected",
            "kept families in hotels for {t}",
            "may take back {n} empty buildings",
        ),
        ("rents", "Mieten", "loyers", "alquileres"),
    ),
    Topic(
        "transport",
        "port authority, rail operator, bus company, roads department, ferry line",
        (
            "cancelled {n} services without notice",
            "raised fares by {p}",
            "ordered {n} electric buses",
            "closed the coastal line for {t}",
            "paid {m} in compensation to passengers",
            "ran {p} of its trains on time",
            "counted {n} accidents at level crossings",
            "may drop {n} night routes",
        ),
        ("late trains", "Zugausfälle", "retards", "retrasos"),
    ),
    Topic(
        "energy",
        "grid operator, power utility, wind park, gas storage company, energy regulator",
        (
            "switched off {n} households during the storm",
            "drew {p} of its power from wind",
            "raised the standing charge by {p}",
            "invested {m} in a battery site",
            "kept a reserve plant running for {t}",
            "received {n} complaints about bills",
            "replaced {n} transformers",
            "may delay the new line by {t}",
        ),
        ("power prices", "Strompreise", "prix de l'énergie", "precios de la luz"),
    ),
    Topic(
        "education",
        "school board, technical college, teachers' union, exam office, city university",
        (
            "left {n} teaching posts vacant",
            "raised fees by {p}",
            "merged {n} primary schools",
            "spent {m} on new laboratories",
            "re-marked {n} exam papers",
            "admitted {p} of all applicants",
            "taught in temporary classrooms for {t}",
            "may drop {n} courses",
        ),
        ("school places", "Schulplätze", "places scolaires", "plazas escolares"),
    ),
    Topic(
        "water",
        "water company, river agency, reservoir board, drainage authority, water laboratory",
        (
            "lost {p} of its water to leaks",
            "released untreated sewage on {n} days",
            "banned garden hoses for {t}",
            "repaired {n} burst mains",
            "was fined {m} for spills",
            "tested {n} samples from the river",
            "let the reservoir fall to {p} of capacity",
            "may raise the dam within {t}",
        ),
        ("leaks", "Lecks im Netz", "fuites d'eau", "fugas de agua"),
    ),
    Topic(
        "fisheries",
        "fishing fleet, harbour cooperative, fisheries institute, coast guard, fish market",
        (
            "landed {p} less cod",
            "seized {n} illegal nets",
            "lost {n} boats to scrapping schemes",
            "sold a catch worth {m}",
            "kept its boats in port for {t}",
            "inspected {n} vessels",
            "measured a fall in herring of {p}",
            "may close {n} landing sites",
        ),
        ("quotas", "Fangquoten", "quotas de pêche", "cuotas de pesca"),
    ),
    Topic(
        "local-budget",
        "town council, audit office, treasurer, county assembly, procurement office",
        (
            "overspent its budget by {p}",
            "awarded {n} contracts without a tender",
            "borrowed {m} against future rents",
            "closed {n} libraries",
            "left accounts unaudited for {t}",
            "raised the local tax by {p}",
            "paid {m} to outside consultants",
            "may sell {n} public buildings",
        ),
        ("the budget", "Haushalt", "le budget", "el presupuesto"),
    ),
    Topic(
        "courts",
        "district court, prosecution service, prison service, police force, appeal court",
        (
            "dismissed {n} cases for lack of evidence",
            "solved {p} of reported burglaries",
            "held {n} suspects on remand",
            "ordered a developer to pay {m}",
            "adjourned the fraud trial for {t}",
            "recorded {n} complaints against officers",
            "heard {p} fewer cases",
            "may retry {n} cases",
        ),
        ("backlogs", "Rückstau bei Verfahren", "retards de justice", "causas pendientes"),
    ),
    Topic(
        "labour",
        "labour office, dockers' union, car plant, chamber of trade, inspectorate",
        (
            "counted {n} people out of work",
            "agreed a pay rise of {p}",
            "dismissed {n} temporary staff",
            "owed workers {m} in back pay",
            "stopped production for {t}",
            "found breaches at {n} building sites",
            "employed {p} of its staff on short contracts",
            "may hire {n} apprentices",
        ),
        ("wages", "Löhne", "salaires", "salarios"),
    ),
    Topic(
        "climate",
        "weather service, forest agency, climate council, coastal defence board, nature trust",
        (
            "measured {p} less rain than average",
            "lost {n} hectares of pine to fire",
            "planted {n} rows of street trees",
            "spent {m} on sea walls",
            "recorded temperatures above 35 degrees for {t}",
            "cut its emissions by {p}",
            "moved {n} families from the flood plain",
            "may give up {n} kilometres of dyke",
        ),
        ("flood defences", "Hochwasserschutz", "digues", "diques"),
    ),
    Topic(
        "trade",
        "customs service, steel works, export council, farmers' market board, shipping line",
        (
            "exported {p} more grain",
            "turned back {n} lorries at the border",
            "signed supply contracts worth {m}",
            "lost {n} foreign customers",
            "held containers for {t}",
            "raised the levy on timber by {p}",
            "seized counterfeit goods worth {m}",
            "may open {n} foreign offices",
        ),
        ("tariffs", "Zölle", "droits de douane", "aranceles"),
    ),
)

# These fit any act, including one with "may"; the others need an act in the past.
TIMELESS_ENDINGS = (
    *("", "in the inner city", "in the outer districts", "on the east bank", "on the west bank"),
    *("in the old town", "along the coast", "in the villages nearby", "under a new contract"),
    *("under an older agreement", "in line with its plan", "ahead of the deadline"),
    *("despite a warning", "without a public vote"),
)
ENDINGS = (
    *TIMELESS_ENDINGS,
    *("last year", "this year", "last month", "in the spring", "in the summer", "in the autumn"),
    *("in the winter", "over the weekend", "after a public hearing", "after a long dispute"),
    *("for the first time", "for the second time", "for the third year in a row"),
    *("since the elections", "before the holidays", "between January and April"),
    *("between May and August", "during the strike", "in the first half of the year"),
    *("in the second half of the year", "after an inspection", "after the storm"),
    *("after a change of management", "under the previous management"),
)

_COUNTS = (*range(3, 10), 11, 12, 14, 16, 18, 21, 24, 27, 32, 38, 45, 60, 85, 120, 240, 480, 900)
_PERCENTAGES = (*range(2, 20), 21, 25, 31, 37, 44, 58)
_MILLIONS = (0.4, 0.7, 1.1, 1.6, 1.9, 2.3, 2.8, 3.4, 4.2, 4.7, 5.5, 6.1, 7.3, 8, 9, 11, 14, 18, 26)
_TIMES = [f"{n} {unit}" for unit in ("days", "weeks", "months") for n in (2, 3, 4, 5, 6, 7, 9, 11)]
SLOTS = {
    "n": [str(count) for count in _COUNTS],
    "p": [f"{percentage} percent" for percentage in _PERCENTAGES],
    "m": [f"{millions} million euros" for millions in _MILLIONS],
    "t": _TIMES,
}

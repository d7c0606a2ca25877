"""Invented outlets, bodies and persons. Any likeness to a real name is coincidence.

A line of `OUTLETS` and `CITED_ONLY` is name|kind|affiliation|country|language|notes. The mark
"(made up)" is added to every name when the lists are read.
"""

OUTLETS = (
    "Harbour Post|newspaper|meridian-media|GB||",
    "Northline News Agency|news_agency||GB||Delivers to many of the other outlets.",
    "Valdor State Broadcasting|broadcaster|valdor-state|||Owned by the state of Valdor (invented).",
    "The Velmora Courier|newspaper||GB||",
    "Green Basin Network|advocacy|green-basin|CA||",
    "Unknown publisher (leaflets)|unknown||||No imprint or byline; speaks for no group.",
    "Harbour Radio|broadcaster|meridian-media|GB||",
    "Larkspur Parish Letter|blog||GB||A few texts only.",
    "Ostermoor Tagblatt|newspaper||DE|de|",
    "Institute for Coastal Economy|think_tank||IE||",
    "Capital and Quay|magazine||GB||",
    "La Gazette de Corbray|newspaper||FR|fr|",
    "Unknown publisher (mirror site)|unknown||||Names no outlet; treat the grouping as doubtful.",
    "Valdor Press Office|government|valdor-state|||",
    "El Correo de Castelrin|newspaper||ES|es|",
    "Kestrel Bay Today|newspaper||CA||",
    "Basin Watch|blog|green-basin|CA||Written by members of the network.",
    "Thornlee Mirror|newspaper||GB||Closed after a few issues.",
    "Pressedienst Isenwald|news_agency||DE|de|",
    "The Quiet Ledger|blog||US||",
    "Harbour Weekend|magazine|meridian-media|GB||",
    "Stonequay Channel Six|broadcaster||US||",
    "City of Norwyck Newsroom|government||IE||",
    "Tolvaard Compass|magazine||CA||",
    "Quillhaven Clarion|newspaper||GB||Some headings do not fit; attribution doubtful.",
    "Morvane Community Feed|social||||Posts of several writers under one account.",
    "Radio Halvensund|broadcaster||AT|de|",
    "Saint Orle Bulletin|magazine||FR|fr|A few texts only.",
    "Fenwarden Observer|newspaper||IE||",
    "Citizens for Clean Rivers|advocacy||GB||",
    "Dunmarrow Evening Star|newspaper||GB||",
    "Centre for Open Budgets|think_tank||US||",
    "Voz de Arvenna|broadcaster||ES|es|",
    "Green Basin Quarterly|magazine|green-basin|CA||",
    "Eastrey Business Wire|news_agency||US||",
    "The Marrowfield Examiner|newspaper||GB||",
    "Sallowick Neighbours|social||||",
    "Upper Talling Notes|blog||||Many texts, hardly a claim in them.",
    "Rookmere Chronicle|newspaper||IE||",
    "Union of Harbour Workers|advocacy||GB||",
)

CITED_ONLY = (
    "Ministry of Health of Valdor|government|valdor-state|||",
    "Government of Valdor|government|valdor-state|||",
    "Interior Minister Ode Varrick|government|valdor-state|||",
    "Meridian Media Holding|unknown|meridian-media|GB||Owner of the Harbour titles.",
    "Reader Desk of the Harbour Post|social|meridian-media|GB||",
    "Spokesperson of Green Basin|advocacy|green-basin|CA||",
    "Green Basin on Pigeonpost|social|green-basin|||An invented social network.",
    "National Audit Office of Eastrey|government||||",
    "Norwyck Police|government||IE||",
    "Central Statistics Bureau|government||||",
    "District Court of Velmora|government||GB||",
    "Port Authority of Lindisquay|government||||",
    "Water Regulator of Winterbeck|government||||",
    "Institute of Sea Research|think_tank||||",
    "Tarnholt University Hospital|unknown||||",
    "Arvenna Chamber of Trade|advocacy||ES||",
    "Rail Passengers' League|advocacy||||",
    "Professor Ilka Tornwald|unknown||||Named as a physician.",
    "Mayor Jorun Pell|government||||",
    "Advocate Simeon Raskov|unknown||||Counsel in several trials.",
    "Dr Mirela Quist|unknown||||Named as an economist.",
    "Coastline Data Project|think_tank||||",
    "Silverreach Power Company|unknown||||",
    "The Morning Sextant|newspaper||US||Cited, not collected.",
    "Fact Desk Halden|advocacy||||Fact-checkers.",
)

OUTLET_WORDS = (
    *("Gazette|newspaper", "Broadcasting|broadcaster", "Herald|newspaper", "Dispatch|newspaper"),
    *("Review|magazine", "Wire|news_agency", "Standard|newspaper", "Diary|blog", "Forum|advocacy"),
    *("Argus|newspaper", "Council Newsroom|government", "Monthly|magazine", "Radio|broadcaster"),
    *("Policy Centre|think_tank", "Advertiser|newspaper", "Feed|social", "Sentinel|newspaper"),
)

_GIVEN = (
    *("Ilsa", "Tomas", "Renn", "Mirja", "Odo", "Cato", "Leontine", "Bram", "Sunniva", "Piers"),
    *("Yara", "Anselm", "Dagny", "Ravi", "Noor", "Elodie"),
)
_FAMILY = (
    *("Tornquist", "Vellacott", "Brannagh-Lys", "Oderwall", "Castellane-Roy", "Hask", "Merrowden"),
    *("Pelliwar", "Zandvoss", "Quennock", "Lisbrand", "Farrowby"),
)
_OFFICES = (
    *(
        "harbour engineer",
        "councillor",
        "head nurse",
        "union secretary",
        "meteorologist",
        "auditor",
    ),
    *("school principal", "court clerk", "shipowner", "energy analyst"),
)
PERSONS = tuple(f"{first_name} {family_name}" for first_name in _GIVEN for family_name in _FAMILY)
AUTHORS = (*PERSONS[::2], "Staff writer", "Newsroom")
WITNESSES = tuple(
    f"{person}, {_OFFICES[number % len(_OFFICES)]} (made up)"
    for number, person in enumerate(PERSONS[1::2])
)
DOCUMENTS = tuple(
    f"{name}, {part} (made up)"
    for name in (
        *("Annual accounts", "Register of tenders", "Inspection report", "Minutes of the assembly"),
        *("Statistical yearbook", "Court file", "Survey of residents", "Permit decision"),
    )
    for part in ("volume 1", "volume 2", "annex A", "annex B", "section 4")
)

"""証明書の開示: what a certificate shows of whom to whom (BRRA 12 to 12-3, 15-4; standard 5.1).

`decide` answers for one certificate as a whole; the rules it asks stand in the modules beside it,
the facts in `tables/certificate_items.toml` and `tables/requesters_items.toml`.
"""

from daicho.law.disclosure import issued_copies, issuing, printing
from daicho.law.disclosure.deciding import Decision, decide
from daicho.law.disclosure.items import ITEMS, REQUESTERS, Entry, How, item_names
from daicho.law.disclosure.requests import FORMS, Form, Request, SpecialHistory, Subject

__all__ = [
    "FORMS",
    "ITEMS",
    "REQUESTERS",
    "Decision",
    "Entry",
    "Form",
    "How",
    "Request",
    "SpecialHistory",
    "Subject",
    "decide",
    "issued_copies",
    "issuing",
    "item_names",
    "printing",
]

"""実演の始まり: a made-up town whole: operators, residents, who certifies, a card, its rules."""

from pathlib import Path

from daicho.site import installation
from daicho.site.demo import cards, operators, residents


def ensure(data: Path, people: int) -> tuple[tuple[operators.Account, ...], str]:
    """Make what is not there yet; gives who may sign in, and the sentence that tells of the card.

    Where the demo has ended, with the first residents who are not made up, nobody may.
    """
    accounts, told = operators.ensure(data), ""
    residents.ensure(data, people)
    if accounts:
        residents.ensure_certifier()
        told = cards.ensure(data)
    installation.set_rules(data, are_made_up=bool(accounts))
    return accounts, told

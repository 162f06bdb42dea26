"""受付との照合: an order held against the 受付 under which it is made.

A 受付 says who asks, for what and for how many copies; nothing beyond that leaves under it.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from daicho.access.permits import Permit
from daicho.certificates.issuing.order import MOVED_OUT, Order
from daicho.certificates.queries import MOVING_OUT, IssueView
from daicho.law.disclosure import issuing as law
from daicho.law.disclosure import item_names
from daicho.law.disclosure.requests import Under
from daicho.law.rule import Finding
from daicho.register.queries import household
from daicho.register.receiving.movers import movers
from daicho.register.receiving.receptions import Reception, with_visitor
from daicho.terms.records import Record


def beyond(
    permit: Permit,
    order: Order,
    reception: Reception,
    records: Iterable[Record],
    issued: Sequence[IssueView],
) -> tuple[Finding, ...]:
    """受付を超えるもの: every finding on items, copies and who asks; empty where it is as asked.

    `issued` is what has left under this 受付 so far.
    """
    on = permit.on
    of_copies = copies(permit, order, reception.copy_count, issued)
    found = [*_items(order, reception, permit), *of_copies]
    if reception.work == "certificate":
        is_named = _is_named(permit, with_visitor(permit, reception), list(records))
        found.append(law.asks_for_the_certified(reception.capacity, is_named, on=on))
    return tuple(one for one in found if one is not None)


def under(permit: Permit, reception: Reception, record_ids: Iterable[UUID]) -> Under:
    """受付の別: is it that of the 転出届 by which all these persons move out?"""
    if reception.work != MOVING_OUT:
        return "request"
    wanted = set(record_ids)
    is_theirs = wanted and wanted <= movers(permit, reception.reception_id)
    return "own_notification" if is_theirs else "other_notification"


def copies(
    permit: Permit, order: Order, wanted: int | None, issued: Sequence[IssueView]
) -> tuple[Finding, ...]:
    """部数: what speaks against one more copy beside those issued under the 受付; asked again under
    its lock."""
    on = permit.on
    given = [one for one in issued if not one.spoiled]
    is_given = any(_is_that_copy(one, order) for one in given)
    spoiled = {one.issue_id for one in issued if one.spoiled and _is_that_copy(one, order)}
    found = (
        law.copies_in_bounds(order.copy_no, order.copy_count, len(given), wanted, on=on),
        law.copy_is_given_once(is_given, on=on),
        law.replaces_what_was_spoiled(order.replaces is None or order.replaces in spoiled, on=on),
    )
    return tuple(one for one in found if one is not None)


def _items(order: Order, reception: Reception, permit: Permit) -> Iterator[Finding | None]:
    if order.form == MOVED_OUT:
        return  # shows what the law says, whatever is asked
    names = item_names(permit.on)
    for item in sorted(order.asked.intersection(names)):
        yield law.item_is_of_the_request(names[item], item in reception.asked, on=permit.on)


def _is_that_copy(one: IssueView, order: Order) -> bool:
    """Was this the same copy of the same certificate?"""
    said = one.decision
    asked = frozenset() if order.form == MOVED_OUT else order.asked
    return (
        (one.form, one.is_reissue, one.copy_no) == (order.form, order.is_reissue, order.copy_no)
        and set(one.record_ids) == set(order.record_ids)
        and frozenset(said["asked"]) == asked
        and said["with_history"] == order.with_history
        and said["special_history"] == order.special_history
    )


def _is_named(permit: Permit, reception: Reception, certified: Sequence[Record]) -> bool:
    """Is the name that this capacity must be known by among those it is looked for in?"""
    by = law.named_by(reception.capacity, on=permit.on)
    name = reception.principal_name if by == "principal" else reception.visitor_name
    among = list(certified)
    if by == "household" and certified:
        lives_with = household(permit, certified[0].record_id)  # of one household, or refused
        among += [one.record for one in lives_with.members] if lives_with else []
    return _folded(name) in {one for record in among for one in _names(record)}


def _names(record: Record) -> Iterator[str]:
    """The names by which a person may be written on an identity document."""
    every = (
        record.name.joined,
        record.roman_name,
        record.kanji_name,
        record.common_name,
        record.former_family_name and record.former_family_name + record.given_name,
    )
    yield from (_folded(one) for one in every if one)


def _folded(name: str) -> str:
    """A name without its spaces; how wide and how large letters are does not count."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()

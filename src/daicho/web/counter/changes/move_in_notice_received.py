"""転入通知の受理の入力 (BRRA 9(1), STD 4.1.3.1.3): what the new town says, also of who has left."""

from collections.abc import Iterable

from django import forms

from daicho.register.queries import Member
from daicho.terms.changes import MoveInNoticeReceived
from daicho.terms.dates import parse
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.fields import field_of
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import address_fields


class MoveInNoticeReceivedForm(ChangeForm):
    """転入通知の受理: tick whom the notice names."""

    stem = "move_in_notice_received"
    title = "転入通知の受理"
    day_label = "転入年月日(通知に書かれた日)"
    ticks_members = True
    own = ("moved_in_notice_on",)
    addresses = (("confirmed_destination", "転出先住所(確定)"),)

    @classmethod
    def people(cls, desk: Desk) -> tuple[Member, ...]:
        """Residents of the household, and those whose record closed when they left it."""
        gone = desk.household.left if desk.household else ()
        return (*desk.members, *(one for one in gone if one.left_by in _LEFT))

    def more_fields(self) -> Iterable[tuple[str, forms.Field]]:
        """The day of the notice, and where the new address is."""
        yield from super().more_fields()
        yield "moved_in_notice_on", field_of("moved_in_notice_on", required=True)
        yield from address_fields("confirmed_destination")

    def change(self) -> MoveInNoticeReceived:
        return MoveInNoticeReceived(
            noticed_on=parse(self.cleaned_data["moved_in_notice_on"]),
            destination=self.address("confirmed_destination"),
            record_ids=self.chosen,
        )


# Nobody who died or was declared missing: until the court takes that back (CC 32) they are deemed
# dead and have moved nowhere. A notice about one is no ground to enter a 転出先: the clerk asks the
# town that sent it and the 戸籍, and keeps the notice in the 備考. Once the closing is cancelled
# the person is a resident again and is offered.
_LEFT = ("moved_out", "moved_out_abroad", "closed_ex_officio")

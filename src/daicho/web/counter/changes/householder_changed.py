"""世帯主変更の入力 (BRRA 25, STD 4.1.4.2): the 続柄 of every member, 世帯主 that of one."""

from daicho.terms.changes import HouseholderChanged
from daicho.web.counter.changing.form import ChangeForm


class HouseholderChangedForm(ChangeForm):
    """世帯主変更: say the 続柄 of all anew."""

    stem = "householder_changed"
    title = "世帯主変更"
    day_label = "世帯主が変わった年月日"
    asks_relationships = True

    def change(self) -> HouseholderChanged:
        everybody = [one.record.record_id for one in self.desk.members]
        assert self.desk.household is not None, "the form was opened from a member"
        return HouseholderChanged(
            household_number=self.desk.household.number,
            relationships={one: self.relationship_of(one) for one in everybody},
        )

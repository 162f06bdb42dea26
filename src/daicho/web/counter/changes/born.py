"""出生の入力 (BRRA 8, STD 4.2.1.2): children born to a household, from a member's page."""

from daicho.terms.changes import Born
from daicho.web.counter.changing import entering
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.form import ChangeForm
from daicho.web.counter.changing.parts import Typed


class Child(entering.Newcomer):
    """出生した子."""

    groups = (
        ("区分", entering.CLASS, ""),
        ("氏名", entering.JAPANESE_NAME[:6], "japanese"),
        ("氏名(外国人住民)", entering.FOREIGN_NAME[:3], "foreign"),
        ("性別・続柄", ("sex", "relationship"), ""),
        ("戸籍の表示", entering.DOMICILE, "japanese"),
        ("外国人住民の項目", ("nationality", "foreign_class"), "foreign"),
        ("その他の項目", entering.OTHERS[:2], "folded"),
    )


class BornForm(ChangeForm):
    """出生: the household gives 住所 and 世帯主; number and code are still to come."""

    stem = "born"
    title = "出生"
    day_label = "出生年月日"
    entering = Child
    entering_most = 4

    @classmethod
    def opening(cls, desk: Desk) -> Typed:
        """A child takes 氏 and 戸籍 from the member whose page the form was opened from."""
        assert desk.person is not None, "a birth is entered from a member's page"
        parent = desk.person.record
        return {
            "person-0-resident_class": parent.resident_class,
            "person-0-family_name": parent.family_name,
            "person-0-family_name_kana": parent.family_name_kana,
            "person-0-family_name_reading": parent.family_name_reading,
            "person-0-registered_domicile": parent.registered_domicile,
            "person-0-family_register_head": parent.family_register_head,
            "person-0-nationality": parent.nationality,
            "person-0-relationship": "子" if parent.relationship in _PARENTS else "",
        }

    def change(self) -> Born:
        assert self.desk.household is not None, "a birth is entered from a member's page"
        children = [one for one in self.persons if isinstance(one, Child)]
        return Born(
            household_number=self.desk.household.number,
            children=tuple(one.stated() for one in children),
        )


_PARENTS = ("世帯主", "夫", "妻", "夫（未届）", "妻（未届）")

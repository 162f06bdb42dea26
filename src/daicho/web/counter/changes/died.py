"""死亡の入力 (STD 4.2.2.1): who has died, and on which day; the day may be 不詳."""

from daicho.terms.changes import Died
from daicho.web.counter.changing.form import ChangeForm


class DiedForm(ChangeForm):
    """死亡: tick who has died."""

    stem = "died"
    title = "死亡"
    day_label = "死亡年月日"
    day_hint = "例 R8.5.1、R8.5月頃、R8.5月下旬、年月日不詳"
    ticks_members = True

    def change(self) -> Died:
        return Died(record_ids=self.chosen)

"""失踪宣告による消除の入力 (STD 4.2.2.2): who was declared missing, deemed dead on which day."""

from daicho.terms.changes import DeclaredMissing
from daicho.web.counter.changing.form import ChangeForm


class DeclaredMissingForm(ChangeForm):
    """失踪宣告による消除: tick who was declared missing."""

    stem = "declared_missing"
    title = "失踪宣告による消除"
    day_label = "死亡とみなされる年月日(通知に書かれた日)"
    day_hint = "例 R8.5.1、R8.5月頃、R8.5月下旬、年月日不詳"
    ticks_members = True

    def change(self) -> DeclaredMissing:
        return DeclaredMissing(record_ids=self.chosen)

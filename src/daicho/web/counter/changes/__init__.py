"""異動の入力の種別: one module a kind, named by its stem; `FORMS` gives the form of a work."""

from collections.abc import Mapping

from daicho.web.counter.changes.born import BornForm
from daicho.web.counter.changes.cancelled import CancelledForm
from daicho.web.counter.changes.corrected import CorrectedForm
from daicho.web.counter.changes.declared_missing import DeclaredMissingForm
from daicho.web.counter.changes.died import DiedForm
from daicho.web.counter.changes.householder_changed import HouseholderChangedForm
from daicho.web.counter.changes.move_in_notice_received import MoveInNoticeReceivedForm
from daicho.web.counter.changes.moved_in import MovedInForm
from daicho.web.counter.changes.moved_out import MovedOutForm
from daicho.web.counter.changes.moved_within import MovedWithinForm
from daicho.web.counter.changes.number_change_requested import NumberChangeRequestedForm
from daicho.web.counter.changes.record_code_changed import RecordCodeChangedForm
from daicho.web.counter.changing.form import ChangeForm

_FORMS: tuple[type[ChangeForm], ...] = (
    MovedInForm,
    MovedWithinForm,
    MovedOutForm,
    MoveInNoticeReceivedForm,
    HouseholderChangedForm,
    BornForm,
    DiedForm,
    DeclaredMissingForm,
    CorrectedForm,
    RecordCodeChangedForm,
    NumberChangeRequestedForm,
    CancelledForm,
)
FORMS: Mapping[str, type[ChangeForm]] = {one.stem: one for one in _FORMS}
"""入力の種別: by the stem of the kind, in the order of the Act."""

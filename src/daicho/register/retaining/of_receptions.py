"""受付の記録の保存: from which day on receptions are kept, for the disposal of records."""

from datetime import date

from daicho.register.models import Reception


def oldest() -> date | None:
    """The day of the oldest reception; None where there is none."""
    days = Reception.objects.order_by("taken_on").values_list("taken_on", flat=True)
    return days.first()

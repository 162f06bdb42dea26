"""個人番号の取得: from whom a number comes, how it was checked, and whether the purpose was shown.

`judge` says what is missing before a number may go into the vault; what is kept beside it is an
`Acquired`, in codes of the tables alone. Each number has one: there is none without a source.
"""

from daicho.law.safety.acquiring.acquired import IMPORTED, Acquired
from daicho.law.safety.acquiring.acquisitions import judge
from daicho.law.safety.acquiring.checks import checked_by
from daicho.law.safety.acquiring.sources import source

__all__ = ["IMPORTED", "Acquired", "checked_by", "judge", "source"]

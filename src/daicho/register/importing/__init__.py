"""移行の取込み: a whole register of an older system, through one door, in sets.

`run` is the door; the modules beside it are its steps: all lines (`staging`, `checks`,
`households`), the ledger (`appending`) and the `report`. The file and its single lines are read by
`daicho.register.reading`.
"""

from daicho.register.importing.run import FICTITIOUS, Outcome, Progress, run
from daicho.register.reading import csv_file

__all__ = ["FICTITIOUS", "Outcome", "Progress", "csv_file", "run"]

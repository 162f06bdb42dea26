"""移行の取込み: a whole register of an older system, through one door, in sets.

`run` is the door; the modules beside it are its steps: the file (`csv_file`), one line (`rows`),
all lines (`staging`, `checks`, `households`), the ledger (`appending`) and the `report`.
"""

from daicho.register.importing.run import FICTITIOUS, Outcome, Progress, run

__all__ = ["FICTITIOUS", "Outcome", "Progress", "run"]

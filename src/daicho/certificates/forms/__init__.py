"""様式: views of the record as each form prints it (plain texts only), and the paper they lie on.

A view is made of records and a decision (`household_copy`, `individual_copy`,
`moved_out_certificate`), or of a record alone (`record_code_notice`), fitted to its boxes by
`fitting.fit`, and set by `certificates.setting` with the template of the same name beside it.
"""

from daicho.certificates.forms.fitting import Fit, Letters, Unprintable, fit
from daicho.certificates.forms.household_copy import household_copy
from daicho.certificates.forms.individual_copy import individual_copy
from daicho.certificates.forms.moved_out_certificate import moved_out_certificate
from daicho.certificates.forms.paper import Paper
from daicho.certificates.forms.past import Past
from daicho.certificates.forms.record_code_notice import record_code_notice
from daicho.certificates.forms.sheets import Box, Page, Sheets

__all__ = [
    "Box",
    "Fit",
    "Letters",
    "Page",
    "Paper",
    "Past",
    "Sheets",
    "Unprintable",
    "fit",
    "household_copy",
    "individual_copy",
    "moved_out_certificate",
    "record_code_notice",
]

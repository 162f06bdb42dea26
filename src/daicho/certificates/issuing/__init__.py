"""交付: the one way in which a certificate leaves the register.

`preview` says what a certificate would show and what speaks against it; `issue` makes it, and gives
the file only after its row and its trail row have been committed. Nothing of it is kept on disk.
"""

from daicho.certificates.issuing.asking import under
from daicho.certificates.issuing.code_notice import issue_code_notice
from daicho.certificates.issuing.door import Issued, issue
from daicho.certificates.issuing.order import Order, Unconfirmed, purpose_of
from daicho.certificates.issuing.previewing import Preview, preview
from daicho.certificates.issuing.spoiling import spoil

__all__ = [
    "Issued",
    "Order",
    "Preview",
    "Unconfirmed",
    "issue",
    "issue_code_notice",
    "preview",
    "purpose_of",
    "spoil",
    "under",
]

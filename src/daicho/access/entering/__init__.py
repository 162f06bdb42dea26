"""入る: what a person must show to come in, and what is kept of it.

Pages are `daicho.web.entry`; here stand the passwords, the second factors, their leaves and the
counting of wrong answers. django-allauth keeps the factors and leads through the stages
(docs/decisions/0008). `Operator` is named here for the annotations of those pages: who signs in is
handed on from one function of this package to the next; rows are read and written in it alone.
"""

from daicho.access.models import Operator

__all__ = ["Operator"]

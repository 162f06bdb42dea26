"""利用記録の点検の対象者: the auditor's form is answered here, where a 宛名番号 means somebody.

The console does not see residents; of whom it is asked it gets the record's reference and no more.
"""

from django.http import HttpResponse

from daicho.access.acting import Actor
from daicho.register.search.naming import record_named
from daicho.web.asking import Request
from daicho.web.console.trails import screens
from daicho.web.required import at_terminal, methods


@methods("POST")
@at_terminal
def whose_trail(request: Request, actor: Actor) -> HttpResponse:
    """対象者: as the console's own form, with the 宛名番号 looked up."""
    return screens.ask(request, actor, record_named)

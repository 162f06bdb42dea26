"""稼働状態: for the machinery that watches the process; no sign-in, no personal data."""

from functools import cache
from ipaddress import ip_address

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from daicho.web import counts, errors
from daicho.web.asking import Request
from daicho.web.required import methods

# A table of ours, a function of ours, and the language that our functions are written in: a server
# whose files were taken away still answers to anything less.
_WORKS = """
DO $$ BEGIN
    PERFORM FROM public.access_operator LIMIT 1;
    PERFORM 'public.append_only()'::regprocedure;
END $$
"""

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@methods("GET")
def healthz(_request: Request) -> HttpResponse:
    """The process lives."""
    return JsonResponse({"status": "ok"})


@methods("GET")
def readyz(_request: Request) -> HttpResponse:
    """The database has every migration of this program, and works; else 503 with the reason."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unready", "reason": "database_unavailable"}, status=503)
    missing = sorted(".".join(one) for one in _migrations() - applied)
    if missing:
        reason = {"status": "unready", "reason": "migrations_missing", "missing": missing}
        return JsonResponse(reason, status=503)
    if not _works():
        return JsonResponse({"status": "unready", "reason": "database_unfit"}, status=503)
    return JsonResponse({"status": "ok"})


def _works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKS)
    except (DatabaseError, InterfaceError):
        return False
    return True


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


@methods("GET")
def metrics(request: Request) -> HttpResponse:
    """Counters, told to the machine itself only; to others there is no such page."""
    if not _from_this_machine(request):
        return errors.answer(request, errors.NOT_FOUND)
    return HttpResponse(counts.text(), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine(request: HttpRequest) -> bool:
    # What a proxy passes on also comes from loopback, but says for whom.
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

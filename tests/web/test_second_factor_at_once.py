"""二人で同じコード: two workers that get one code at the same moment take it once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections

from daicho.access import clock
from daicho.access.entering import codes, registering
from daicho.access.models import Operator
from people import cast_of
from web.second_factors import code_of

WORKERS = 4


@pytest.mark.durable
@pytest.mark.usefixtures("durable")
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_a_code_at_the_same_moment_is_taken_once(kind: str) -> None:
    operator = cast_of().clerk.operator
    secret = codes.fresh_secret()
    with clock.fixed(clock.now() - timedelta(minutes=2)):
        first = code_of(secret)
        registering.register(
            operator,
            lambda: codes.make(operator, secret, first),
            terminal="",
            request_id=uuid4(),
        )
    code = code_of(secret) if kind == "totp" else registering.show_codes(operator)[0]
    together = Barrier(WORKERS)

    def take(_: int) -> str:
        try:
            own = Operator.objects.get(pk=operator.pk)
            together.wait(10)
            return codes.which(own, code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = sorted(pool.map(take, range(WORKERS)))
    assert taken == [""] * (WORKERS - 1) + [kind]
    assert Authenticator.objects.get(type=kind).last_used_at is not None

"""サインインの停止: tries at the same moment, with real commits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.models import Operator, Trail
from people import cast_of


@pytest.mark.durable
@pytest.mark.usefixtures("durable")
def test_guesses_at_the_same_moment_are_counted_one_by_one() -> None:
    clerk = cast_of().clerk
    guesses = policy.sign_in().failures_max + 3

    def guess(_: int) -> int:
        typed = {"login": clerk.login, "password": "wrong-wrong-wrong"}
        try:
            return Client().post(reverse("entry:sign_in"), typed).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=guesses) as pool:
        assert set(pool.map(guess, range(guesses))) == {422}
    told = list(Trail.objects.filter(event__startswith="sign_in").values_list("event", flat=True))
    assert told.count("sign_in_locked") == 1
    assert len(told) == guesses
    locked_until = Operator.objects.get(pk=clerk.operator.pk).locked_until
    assert locked_until is not None
    assert locked_until > clock.now()

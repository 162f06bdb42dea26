"""manage operator: what the server's own terminal does with one operator."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daicho.access.models import EnrolmentLeave, Holding, Operator, Trail
from people import Cast

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command("operator", *words, stdout=out)
    return out.getvalue().strip()


def test_a_fresh_initial_password_is_told_once(cast: Cast) -> None:
    told = said("reset", cast.clerk.login)
    kept = Operator.objects.get(login=cast.clerk.login)
    assert kept.check_password(told.split()[1])
    assert kept.password_is_initial


def test_leave_to_register_an_authenticator_is_given_from_the_server(cast: Cast) -> None:
    said("allow", cast.clerk.login)
    leave = EnrolmentLeave.objects.get(operator=cast.clerk.operator)
    assert leave.given_by is None


def test_the_end_ends_everything_of_the_operator(cast: Cast) -> None:
    said("end", cast.security_manager.login)
    kept = Operator.objects.get(login=cast.security_manager.login)
    assert not kept.is_active
    assert kept.until_on is not None
    assert Holding.objects.get(operator=kept).until == kept.until_on
    row = Trail.objects.latest("id")
    assert (row.event, row.job, row.detail["what"]) == ("operator_changed", "operators", "ended")


def test_a_password_typed_at_the_server_is_the_persons_own_only_when_changed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("given-by-another-1\n"))
    said("add", "shin", "--name", "新任", "--office", "001", "--post", "clerk")
    assert Operator.objects.get(login="shin").password_is_initial
    assert not cast.clerk.operator.password_is_initial, "one of the made-up town comes in at once"


@pytest.mark.parametrize("what", ["unlock", "allow", "reset", "end"])
def test_an_operator_that_nobody_is_is_told(cast: Cast, what: str) -> None:
    with pytest.raises(CommandError, match="nobody という操作者はいません"):
        said(what, "nobody")


def test_a_post_of_a_role_is_not_given_from_the_server_either(cast: Cast) -> None:
    with pytest.raises(CommandError, match="security_manager"):
        said("add", "shin", "--name", "新任", "--office", "001", "--post", "security_manager")

"""操作者としての命令: a command asks its operator everything that sign-in asks."""

import argparse
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator

from daicho.access import clock, policy
from daicho.access.models import Operator, Presence, Trail
from daicho.site import operating
from daicho.site.trouble import Trouble
from people import PASSWORD, Cast
from web.authenticators import Key
from web.second_factors import Person, code_of, holding, with_device, with_key

pytestmark = pytest.mark.django_db


def arguments(folder: Path, login: str, code: str | None = None) -> argparse.Namespace:
    password = folder / "password"
    password.write_text(f"{PASSWORD}\n", "utf-8")
    typed = {"login": login, "password_file": password, "code_file": None}
    if code is not None:
        typed["code_file"] = folder / "code"
        (folder / "code").write_text(f"{code}\n", "utf-8")
    return argparse.Namespace(**typed)


@pytest.fixture
def person(cast: Cast) -> Person:
    """The operator of the machines, with a device that shows codes."""
    return with_device(cast.system_operator)


def test_a_password_is_enough_for_who_has_nothing_else(cast: Cast, tmp_path: Path) -> None:
    asked = arguments(tmp_path, cast.system_operator.login)
    assert operating.permit_of(asked, "data.export").purpose == "data.export"
    row = Trail.objects.filter(event="sign_in").latest("id")
    assert row.detail == {"factors": "password"}


def test_who_has_a_second_factor_shows_it(person: Person, tmp_path: Path) -> None:
    login = person.player.login
    with pytest.raises(Trouble, match="--code-file"):
        operating.permit_of(arguments(tmp_path, login), "data.export")
    asked = arguments(tmp_path, login, code_of(person.secret))
    assert operating.permit_of(asked, "data.export").purpose == "data.export"
    row = Trail.objects.filter(event="sign_in").latest("id")
    assert row.detail == {"factors": "password,totp"}
    with pytest.raises(Trouble, match="コードが違う"):
        operating.permit_of(asked, "data.export")


def test_a_recovery_code_will_do(person: Person, tmp_path: Path) -> None:
    asked = arguments(tmp_path, person.player.login, person.codes[0])
    assert operating.permit_of(asked, "data.export").purpose == "data.export"


def test_wrong_codes_lock(person: Person, tmp_path: Path) -> None:
    asked = arguments(tmp_path, person.player.login, "000000")
    for _ in range(policy.sign_in().failures_max):
        with pytest.raises(Trouble):
            operating.permit_of(asked, "data.export")
    kept = Operator.objects.get(pk=person.player.operator.pk)
    assert kept.locked_until is not None


def test_an_authenticator_alone_is_of_no_use_here(cast: Cast, tmp_path: Path) -> None:
    with_key(cast.system_operator, Key())
    Authenticator.objects.filter(type="recovery_codes").delete()
    with pytest.raises(Trouble, match="認証器を使えません"):
        operating.permit_of(arguments(tmp_path, cast.system_operator.login), "data.export")


@pytest.mark.parametrize(
    ("accepted", "remedy"),
    [
        (("webauthn", "totp", "recovery_codes"), "ワンタイムパスワードか回復用コードを登録"),
        (("webauthn", "totp"), "画面でワンタイムパスワードを登録"),
        (("webauthn",), "規程の組の factors に"),
    ],
)
def test_what_is_told_instead_of_an_authenticator_can_be_done(
    cast: Cast, tmp_path: Path, accepted: tuple[str, ...], remedy: str
) -> None:
    with_key(cast.system_operator, Key())
    Authenticator.objects.filter(type="recovery_codes").delete()
    with holding(factors=accepted), pytest.raises(Trouble, match=remedy):
        operating.permit_of(arguments(tmp_path, cast.system_operator.login), "data.export")


def test_where_one_is_demanded_nobody_acts_without(cast: Cast, tmp_path: Path) -> None:
    asked = arguments(tmp_path, cast.system_operator.login)
    with holding(second_factor="required"), pytest.raises(Trouble, match="登録されていません"):
        operating.permit_of(asked, "data.export")


def test_an_initial_password_opens_no_command(cast: Cast, tmp_path: Path) -> None:
    own = Operator.objects.filter(pk=cast.system_operator.operator.pk)
    own.update(password_is_initial=True)
    with pytest.raises(Trouble, match="画面でサインインして"):
        operating.permit_of(arguments(tmp_path, cast.system_operator.login), "data.export")


def test_who_may_not_enter_opens_no_command(cast: Cast, tmp_path: Path) -> None:
    own = Operator.objects.filter(pk=cast.system_operator.operator.pk)
    own.update(until_on=clock.today() - timedelta(days=1))
    with pytest.raises(Trouble, match="利用が停止"):
        operating.permit_of(arguments(tmp_path, cast.system_operator.login), "data.export")


def test_a_command_does_not_end_the_session_at_the_screen(cast: Cast, tmp_path: Path) -> None:
    someone = Person(cast.system_operator).comes_in()
    operating.permit_of(arguments(tmp_path, cast.system_operator.login), "data.export")
    assert someone.is_in()
    assert Presence.objects.filter(operator=cast.system_operator.operator).exists()

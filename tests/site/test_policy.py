"""規程の点検: a configuration under which people would sign in otherwise than the rules say."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

from daicho.access.models import Operator
from daicho.law import packs
from daicho.site import installation
from people import Cast
from web.second_factors import holding


def found(*, databases: list[str] | None = None) -> dict[str, str]:
    """Id and hint of everything that the checks find."""
    ours = checks.run_checks(databases=databases)
    return {str(one.id): str(one.hint) for one in ours if str(one.id).startswith("daicho.")}


@pytest.fixture
def serving() -> Iterator[None]:
    """As a process that serves people; the suite's own role serves nobody."""
    with override_settings(ROLE=replace(settings.ROLE, name="municipality")):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("serving")
def test_the_trials_rules_serve_made_up_people_only(cast: Cast) -> None:
    assert "daicho.E010" not in found(databases=["default"])
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(is_demo=False)
    assert "DAICHO_POLICY_PACK" in found(databases=["default"])["daicho.E010"]


@pytest.mark.django_db
@pytest.mark.usefixtures("serving")
def test_who_has_left_does_not_matter(cast: Cast) -> None:
    own = Operator.objects.filter(pk=cast.clerk.operator.pk)
    own.update(is_demo=False, is_active=False)
    assert "daicho.E010" not in found(databases=["default"])


@pytest.mark.django_db
@pytest.mark.usefixtures("serving")
def test_other_rules_serve_everybody(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(is_demo=False)
    with override_settings(POLICY_PACK=packs.STANDARD):
        assert "daicho.E010" not in found(databases=["default"])


def test_rules_that_do_not_exist_are_told_with_those_that_do() -> None:
    with override_settings(POLICY_PACK="no-such-pack"):
        assert "utsunomiya" in found()["daicho.E011"]


def test_authenticators_need_a_name_of_a_host() -> None:
    with override_settings(WEBAUTHN_RP_ID=""):
        assert "daicho.E012" not in found(), "the trial demands none"
        with override_settings(POLICY_PACK="utsunomiya"):
            assert "DAICHO_WEBAUTHN_RP_ID" in found()["daicho.E012"]


def test_authenticators_alone_without_a_list_of_models_are_warned_of() -> None:
    assert "daicho.W014" not in found(), "the trial accepts codes as well"
    with override_settings(POLICY_PACK="utsunomiya"):
        assert "authenticator_models" in found()["daicho.W014"]
    model = "0a1b2c3d-0000-4000-8000-00000000c0de"
    with holding(factors=("webauthn",), authenticator_models=(model,)):
        assert "daicho.W014" not in found()


def test_listed_models_need_their_makers_roots(tmp_path: Path) -> None:
    model = "0a1b2c3d-0000-4000-8000-00000000c0de"
    with holding(second_factor="required", authenticator_models=(model,)):
        assert "DAICHO_AUTHENTICATOR_ROOTS" in found()["daicho.E012"]
        (tmp_path / "maker.pem").write_text("", "ascii")
        with override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)):
            assert "daicho.E012" not in found()


@pytest.mark.parametrize(
    ("server", "app", "is_sound", "because"),
    [
        ("", {"client_id": "", "secret": ""}, True, "there is none"),
        ("https://id.example", {"client_id": "a", "secret": "b"}, True, "all is said"),
        ("https://id.example", {"client_id": "a", "secret": ""}, False, "no secret"),
        ("https://id.example", {"client_id": "", "secret": "b"}, False, "no name"),
        ("http://id.example", {"client_id": "a", "secret": "b"}, False, "anybody may listen"),
        ("http://127.0.0.1:1", {"client_id": "a", "secret": "b"}, True, "nobody is between"),
    ],
)
def test_a_directory_is_set_whole_and_reached_safely(
    server: str, app: Mapping[str, Any], is_sound: bool, because: str
) -> None:
    providers = {"openid_connect": {"APPS": [app]}}
    with override_settings(OIDC_SERVER=server, SOCIALACCOUNT_PROVIDERS=providers):
        assert ("daicho.E013" not in found()) == is_sound, because


@pytest.mark.parametrize(("are_made_up", "pack"), [(True, packs.TRIAL), (False, "")])
def test_a_folder_is_under_the_trials_rules_while_its_people_are_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, are_made_up: bool, pack: str
) -> None:
    before = "" if are_made_up else packs.TRIAL
    installation.write(tmp_path, installation.Installation(pack=before))
    monkeypatch.setenv("DAICHO_POLICY_PACK", packs.TRIAL)
    installation.set_rules(tmp_path, are_made_up=are_made_up)
    known = installation.read(tmp_path)
    assert known is not None
    assert known.pack == pack
    assert os.environ["DAICHO_POLICY_PACK"] == pack


def test_whoever_tries_other_rules_in_a_made_up_town_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.write(tmp_path, installation.Installation(pack=packs.TRIAL))
    monkeypatch.setenv("DAICHO_POLICY_PACK", packs.STANDARD)
    installation.set_rules(tmp_path, are_made_up=False)
    assert os.environ["DAICHO_POLICY_PACK"] == packs.STANDARD

"""所属の操作権限の表示: what the pages of a person, of the rules and of the office say of it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access.models import Right, Trail
from people import Cast, given
from web.office_rights import bare, office_has
from web.test_people import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture
def admin(cast: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(cast.administrator)


def test_a_person_and_the_list_say_what_comes_from_the_office(cast: Cast, admin: Client) -> None:
    office_has("001", "clerk")
    office_has("001", "vaccination", since=date(2027, 4, 1))
    text = page(admin, "person", bare(cast.clerk).operator.pk)
    assert "所属から受けるもの" in text
    assert "窓口担当（受付・入力・交付）(所属)" in text
    assert "予防接種の照会担当" in text
    assert "(所属)" in page(admin, "people")
    assert "所属から受けるもの" not in page(admin, "person", cast.auditor.operator.pk)


def test_the_rules_asked_of_a_person_say_whence_a_duty_comes(cast: Cast, admin: Client) -> None:
    office_has("001", "clerk")
    given(cast.clerk, "euc_operator")
    Right.objects.filter(operator=cast.clerk.operator, post="clerk").delete()
    text = page(admin, "standing", cast.clerk.operator.pk)
    assert "所属の操作権限" in text
    assert "本人の操作権限" in text
    assert "責任者の役割" in page(admin, "standing", cast.security_manager.operator.pk)


def test_a_look_at_an_office_is_trailed_with_how_many_it_showed(cast: Cast, admin: Client) -> None:
    office_has("001", "clerk")
    text = page(admin, "office", "001")
    assert all(name in text for name in ("窓口 花", "審査 太郎", "課長 律"))
    row = Trail.objects.latest("id")
    assert (row.event, row.door, row.detail) == ("people_shown", "people.office", {"rows": 3})
    assert admin.get(reverse("console:office", args=["777"])).status_code == 404

"""個人番号の廃棄の画面: one proposes, another decides, the work is done, and the proof is shown."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access.models import Trail
from daicho.vault import numbers
from daicho.vault.disposing import rows
from people import PASSWORD, Cast
from vault.made_up import of_the_import, put
from web.emergencies import get, post, says

pytestmark = pytest.mark.django_db
ComeIn = Callable[..., Client]


@pytest.fixture
def system(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.system_operator)


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


def proposed(client: Client, **typed: str) -> int:
    response = post(client, "propose_disposal", **typed)
    assert response.status_code == 302, says(response)
    return rows.lists()[0].list_id


def decided(client: Client, list_id: int, do: str = "approve", **typed: str) -> HttpResponse:
    typed = {"shown": rows.digest(list_id).hex(), "do": do, **typed}
    return post(client, "decide_disposal", list_id, **typed)


def test_from_the_list_to_the_certificate(cast: Cast, system: Client, manager: Client) -> None:
    held = put(3)
    kept, *gone = sorted(held)
    list_id = proposed(system)
    page = says(get(manager, "disposal", list_id))
    assert "承認待ち" in page
    assert "記録のない個人番号" in page
    assert str(kept) in page
    assert not [one for one in held.values() if one in page]
    taken_off = {"line": str(kept), "reason": "disputed"}
    assert post(manager, "take_off_disposal", list_id, **taken_off).status_code == 302
    assert "請求、争訟又は調査に関わる" in says(get(system, "disposal", list_id))
    assert decided(manager, list_id).status_code == 302
    assert "廃棄する <kbd>F10</kbd>" in says(get(system, "disposal", list_id))
    assert post(system, "carry_out_disposal", list_id).status_code == 302
    assert [numbers.get(of_the_import(), one) is None for one in (kept, *gone)] == [
        False,
        True,
        True,
    ]
    page = says(get(system, "disposal", list_id))
    assert "バックアップに残る。" in page
    proof = says(get(manager, "disposal_certificate", list_id))
    assert "2件" in proof
    assert not [one for one in held if str(one) in proof]
    listing = says(get(manager, "disposals"))
    assert "廃棄済み" in listing
    assert "除票の個人番号" in listing
    assert f"番号 {list_id}" in listing


def test_the_responsible_stops_what_is_not_carried_out_yet(system: Client, manager: Client) -> None:
    (record_id,) = put(1)
    list_id = proposed(system)
    decided(manager, list_id)
    assert "残りの廃棄を止める" not in says(get(system, "disposal", list_id))
    assert post(system, "stop_disposal", list_id).status_code == 403
    assert "残りの廃棄を止める" in says(get(manager, "disposal", list_id))
    assert post(manager, "stop_disposal", list_id).status_code == 302
    assert post(manager, "stop_disposal", 999).status_code == 404
    assert "一覧を閉じる" in says(get(system, "disposal", list_id))
    assert post(system, "carry_out_disposal", list_id).status_code == 302
    assert "残した（責任者が止めた）" in says(get(system, "disposal", list_id))
    assert "この一覧で廃棄した番号はありません。" in says(
        get(system, "disposal_certificate", list_id)
    )
    assert numbers.get(of_the_import(), record_id) is not None


def test_who_proposed_is_offered_no_decision(system: Client) -> None:
    put(1)
    list_id = proposed(system)
    assert "承認する" not in says(get(system, "disposal", list_id))
    assert decided(system, list_id).status_code == 403
    assert post(system, "carry_out_disposal", list_id).status_code == 422
    assert "mna20.disposal_not_approved" in says(post(system, "carry_out_disposal", list_id))


def test_where_nothing_is_due_the_page_says_so(system: Client) -> None:
    response = post(system, "propose_disposal")
    assert response.status_code == 422
    assert "廃棄すべき個人番号はありません。" in says(response)
    assert "番号法第20条" in says(response)


def test_sent_twice_each_step_is_taken_once(system: Client, manager: Client) -> None:
    put(1)
    number = str(uuid4())
    list_id = proposed(system, request_id=number)
    assert proposed(system, request_id=number) == list_id
    shown, number = rows.digest(list_id).hex(), str(uuid4())
    for _ in range(2):
        sent = decided(manager, list_id, shown=shown, request_id=number)
        assert sent.status_code == 302
    number = str(uuid4())
    for _ in range(2):
        assert post(system, "carry_out_disposal", list_id, request_id=number).status_code == 302
    events = Trail.objects.filter(event__startswith="disposal_")
    for once in ("disposal_proposed", "disposal_decided", "disposal_done", "disposal_finished"):
        assert events.filter(event=once).count() == 1, once
    assert not events.filter(event="disposal_refused").exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": "needed"}, "外す行に印を付けてください。"),
        ({"line": str(uuid4()), "reason": "needed"}, "外す行に印を付けてください。"),
        ({"reason": "なんとなく"}, "外す理由を選んでください。"),
    ],
)
def test_what_cannot_be_taken_off_is_told(
    system: Client, manager: Client, typed: dict[str, str], told: str
) -> None:
    put(1)
    list_id = proposed(system)
    response = post(manager, "take_off_disposal", list_id, **typed)
    assert response.status_code == 422
    assert told in says(response)


def test_a_list_that_changed_since_it_was_shown_is_not_approved(
    system: Client, manager: Client
) -> None:
    record_id, _ = put(2)
    list_id = proposed(system)
    shown = rows.digest(list_id).hex()
    post(manager, "take_off_disposal", list_id, line=str(record_id), reason="wrong")
    response = decided(manager, list_id, shown=shown)
    assert response.status_code == 422
    assert "mna20.disposal_changed" in says(response)
    assert decided(manager, list_id, shown="").status_code == 422
    assert decided(manager, list_id, "burn").status_code == 422


def test_who_looks_changes_nothing(cast: Cast, come_in: ComeIn, system: Client) -> None:
    put(1)
    list_id = proposed(system)
    auditor = come_in(cast.auditor, Client())
    assert get(auditor, "disposal", list_id).status_code == 200
    assert get(auditor, "disposal_certificate", list_id).status_code == 404
    assert get(auditor, "disposal", 999).status_code == 404
    assert get(auditor, "disposal", 10**30).status_code == 404
    for step in ("decide_disposal", "carry_out_disposal", "take_off_disposal"):
        assert post(auditor, step, list_id).status_code == 403
    assert post(auditor, "propose_disposal").status_code == 403


# -- The commands ----------------------------------------------------------------------------------


@pytest.fixture
def as_system(cast: Cast, tmp_path: Path) -> Callable[..., str]:
    """The command as the system operator."""
    file = tmp_path / "password"
    file.write_text(PASSWORD)

    def said(*words: str) -> str:
        out = StringIO()
        own = ("--as", cast.system_operator.login, "--password-file", str(file))
        call_command("vault_disposal", *words, *own, stdout=out, stderr=out)
        return out.getvalue()

    return said


def test_the_commands_do_the_same_and_sign_the_certificate(
    manager: Client, as_system: Callable[..., str], tmp_path: Path
) -> None:
    put(2)
    with pytest.raises(CommandError, match="一覧の番号"):
        as_system("carry_out")
    assert "2 件" in as_system("propose")
    (listed,) = rows.lists()
    words = str(listed.list_id)
    with pytest.raises(CommandError, match="承認された一覧だけ"):
        as_system("carry_out", words)
    decided(manager, listed.list_id)
    assert "2 件を廃棄し" in as_system("carry_out", words)
    assert f"{words}\t廃棄済み\t2\t0\t2\t残る(鍵の版 1)" in as_system("show")
    file = tmp_path / "proof.json"
    as_system("certificate", words, "--out", str(file))
    signer = load_pem_x509_certificates(Path(settings.SIGNING_CHAIN_FILE).read_bytes())[0]
    public = signer.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signature = (tmp_path / "proof.json.sig").read_bytes()
    public.verify(signature, file.read_bytes(), ec.ECDSA(hashes.SHA256()))
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="書けません"):
        as_system("certificate", words, "--out", str(file))
    with pytest.raises(CommandError, match=r"一覧 999 はありません"):
        as_system("carry_out", "999")


def test_the_address_of_the_pages_leads_from_the_first_screen(system: Client) -> None:
    assert reverse("console:disposals") in system.get(reverse("console:home")).content.decode()

"""Whoever keeps the keys keeps the same promises: a file, or a token of hardware."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pkcs11
import pytest
from cryptography.exceptions import InvalidTag

from daicho.access import clock
from daicho.site.bench import softhsm
from daicho.vault import custody, hardware
from daicho.vault.custody import Keeper
from daicho.vault.keys import KeyTrouble
from daicho.vault.versions import Version
from vault.conftest import NEEDS_SOFTHSM, Place

NONCE, TEXT, BOUND = b"n" * 12, b"123456789018", b"record|1"


def registered(keeper: Keeper, *states: str) -> list[Version]:
    """The keeper's versions as a database knows them, in these states."""
    found = keeper.versions()
    return [
        Version(number, state, keeper.kind, found[number], clock.now(), None)
        for number, state in zip(sorted(found), states, strict=True)
    ]


def test_what_one_process_seals_another_opens(place: Place) -> None:
    sealed = place.open().encrypt(1, NONCE, TEXT, BOUND)
    assert TEXT not in sealed
    assert place.open().decrypt(1, NONCE, sealed, BOUND) == TEXT


def test_a_ciphertext_opens_only_as_it_was_bound(place: Place) -> None:
    keeper = place.open()
    sealed = keeper.encrypt(1, NONCE, TEXT, BOUND)
    turned = bytes([sealed[0] ^ 1]) + sealed[1:]
    for wrong in (
        (NONCE, sealed, b"another|1"),
        (b"x" * 12, sealed, BOUND),
        (NONCE, turned, BOUND),
    ):
        with pytest.raises(InvalidTag):
            keeper.decrypt(1, *wrong)
    assert keeper.decrypt(1, NONCE, sealed, BOUND) == TEXT, "it works on after a refusal"


def test_the_index_of_a_number_is_the_same_everywhere_and_of_its_version(place: Place) -> None:
    keeper = place.open()
    keeper.make(2)
    assert keeper.mac(1, TEXT) == place.open().mac(1, TEXT)
    assert len({keeper.mac(1, TEXT), keeper.mac(2, TEXT), keeper.mac(1, TEXT[::-1])}) == 3


def test_a_fingerprint_names_its_keys_for_ever(place: Place) -> None:
    keeper = place.open()
    before = keeper.versions()
    keeper.make(2)
    after = place.open().versions()
    assert after[1] == before[1]
    assert after[2] != after[1]


def test_making_a_version_twice_makes_it_once(place: Place) -> None:
    keeper = place.open()
    before = keeper.versions()
    keeper.make(1)
    assert place.open().versions() == before


def test_a_version_destroyed_is_gone_and_the_others_stay(place: Place) -> None:
    keeper = place.open()
    keeper.make(2)
    sealed = keeper.encrypt(2, NONCE, TEXT, BOUND)
    keeper.destroy(1)
    assert list(place.open().versions()) == [2]
    assert place.open().decrypt(2, NONCE, sealed, BOUND) == TEXT


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_worker_opens_it_and_its_parent_still_does(place: Place) -> None:
    keeper = place.open()
    sealed = keeper.encrypt(1, NONCE, TEXT, BOUND)
    child = os.fork()
    if not child:  # nothing of pytest may go on in here
        opened = False
        try:
            opened = keeper.decrypt(1, NONCE, sealed, BOUND) == TEXT
        finally:
            os._exit(0 if opened else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert keeper.decrypt(1, NONCE, sealed, BOUND) == TEXT


def test_many_threads_work_at_once(place: Place) -> None:
    keeper = place.open()

    def there_and_back(n: int) -> bool:
        nonce = n.to_bytes(12)
        sealed = keeper.encrypt(1, nonce, TEXT, BOUND)
        return keeper.decrypt(1, nonce, sealed, BOUND) == TEXT and bool(keeper.mac(1, nonce))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(1, 201)))


# --- a token -----------------------------------------------------------------------------------


@NEEDS_SOFTHSM
def test_no_key_ever_leaves_the_token(label: str) -> None:
    token = Place("token", Path(), label).open()
    token.make(1)
    with signed_in(label) as session:
        found = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}))
        assert {one[pkcs11.Attribute.LABEL] for one in found} == {
            "daicho-vault-encrypt-1",
            "daicho-vault-index-1",
        }
        for key in found:
            assert not key[pkcs11.Attribute.EXTRACTABLE]
            assert key[pkcs11.Attribute.ALWAYS_SENSITIVE]
            with pytest.raises(pkcs11.AttributeSensitive):
                key[pkcs11.Attribute.VALUE]


@NEEDS_SOFTHSM
def test_a_key_that_could_be_taken_out_is_not_used(label: str) -> None:
    with signed_in(label) as session:
        for name, kind, uses in (
            ("daicho-vault-encrypt-1", pkcs11.KeyType.AES, pkcs11.MechanismFlag.ENCRYPT),
            ("daicho-vault-index-1", pkcs11.KeyType.GENERIC_SECRET, pkcs11.MechanismFlag.SIGN),
        ):
            template = {pkcs11.Attribute.EXTRACTABLE: True}
            session.generate_key(
                kind, 256, label=name, store=True, capabilities=uses, template=template
            )
    with pytest.raises(KeyTrouble, match="取り出せる"):
        Place("token", Path(), label).open().versions()


@NEEDS_SOFTHSM
def test_a_making_cut_off_between_the_two_keys_is_no_version_and_is_completed(label: str) -> None:
    token = Place("token", Path(), label).open()
    with signed_in(label) as session:
        session.generate_key(pkcs11.KeyType.AES, 256, label="daicho-vault-encrypt-1", store=True)
    assert Place("token", Path(), label).open().versions() == {}
    token.make(1)
    assert list(token.versions()) == [1]


@NEEDS_SOFTHSM
def test_a_wrong_pin_is_told_once_and_not_tried_again(label: str) -> None:
    place = Place("token", Path(), label)
    for _ in range(5):
        with pytest.raises(KeyTrouble, match="PINが違います") as refused:
            place.open("97531-pin")
        assert "97531" not in str(refused.value)
    place.open().make(1)
    assert place.open().versions(), "the token has not locked itself"


@NEEDS_SOFTHSM
def test_a_token_that_is_not_there_is_told(tokens: Path) -> None:
    with pytest.raises(KeyTrouble, match="DAICHO_VAULT_TOKEN"):
        Place("token", Path(), "nowhere").open()


def test_a_module_that_is_not_there_is_told() -> None:
    with pytest.raises(KeyTrouble, match="DAICHO_VAULT_PKCS11"):
        hardware.Token("/nowhere/module.so", "nowhere", "0000")


@NEEDS_SOFTHSM
def test_a_token_gone_in_the_middle_is_told_and_works_again_when_it_is_back(
    label: str, tokens: Path
) -> None:
    token = Place("token", Path(), label).open()
    token.make(1)
    sealed = token.encrypt(1, NONCE, TEXT, BOUND)
    away = tokens.rename(tokens.with_name("away"))
    try:
        attempts: list[Callable[[], bytes]] = [
            lambda: token.decrypt(1, NONCE, sealed, BOUND),
            lambda: token.encrypt(1, NONCE, TEXT, BOUND),
            lambda: token.mac(1, TEXT),
        ]
        for attempt in attempts:
            with pytest.raises(KeyTrouble) as told:
                attempt()
            assert softhsm.PIN not in str(told.value)
    finally:
        away.rename(tokens)
    assert token.decrypt(1, NONCE, sealed, BOUND) == TEXT


@NEEDS_SOFTHSM
def test_a_session_that_was_closed_is_opened_again(label: str) -> None:
    token = Place("token", Path(), label).open()
    token.make(1)
    before = token.mac(1, TEXT)
    _, session = hardware._sessions[str(softhsm.MODULE), label]
    session.close()
    assert token.mac(1, TEXT) == before


def signed_in(label: str) -> pkcs11.Session:
    hardware._close((str(softhsm.MODULE), label))  # a token has one user signed in
    library = hardware._initialise(str(softhsm.MODULE), anew=True)
    return library.get_token(token_label=label).open(rw=True, user_pin=softhsm.PIN)


# --- the ring ----------------------------------------------------------------------------------


def test_a_database_without_numbers_takes_the_newest_key(place: Place) -> None:
    keeper = place.open()
    keeper.make(2)
    ring = custody.fitting([keeper], [])
    assert (ring.current, list(ring.held)) == (2, [2])


def test_no_key_at_all_is_told_with_what_to_do() -> None:
    with pytest.raises(KeyTrouble, match="manage keys"):
        custody.fitting([], [])


def test_the_ring_holds_what_is_in_use_and_what_is_for_new_rows(place: Place) -> None:
    keeper = place.open()
    for version in (2, 3):
        keeper.make(version)
    ring = custody.fitting([keeper], registered(keeper, "old", "current", "made"))
    assert ring.current == 2
    assert list(ring.in_order()) == [2, 1], "nothing is under a version that is only made"


def test_a_lost_version_is_told_by_number_and_fingerprint(place: Place) -> None:
    keeper = place.open()
    known = registered(keeper, "current")
    keeper.make(2)
    keeper.destroy(1)
    with pytest.raises(KeyTrouble, match=f"版 1.指紋 {known[0].fingerprint}.がありません"):
        custody.fitting([keeper], known)


def test_a_key_of_another_register_is_told(place: Place) -> None:
    keeper = place.open()
    other = [replace(one, fingerprint="0" * 32) for one in registered(keeper, "current")]
    with pytest.raises(KeyTrouble, match="この台帳のものではありません"):
        custody.fitting([keeper], other)

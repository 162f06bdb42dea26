"""規程: the pack of rules by which this installation runs (`law/packs`)."""

from django.conf import settings

from daicho.law import packs


def pack() -> packs.Pack:
    """規程の組: the running one, named by `DAICHO_POLICY_PACK` or by the municipality."""
    return packs.PACKS[settings.POLICY_PACK]


def sign_in() -> packs.SignInPolicy:
    """サインインの規程: of the running pack."""
    return pack().sign_in

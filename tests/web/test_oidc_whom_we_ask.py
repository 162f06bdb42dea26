"""団体の認証基盤: only the directory of the settings is asked, and only if it proves itself."""

import ssl
from collections.abc import Mapping

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from people import Cast
from web.directories import Provider, assert_refused, comes_back, leaves_for, serving, vouched

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("more", ["", "/", "/.well-known/openid-configuration"])
def test_it_may_be_named_in_each_of_three_ways(
    cast: Cast, browser: Client, provider: Provider, more: str
) -> None:
    with override_settings(OIDC_SERVER=provider.url + more):
        assert vouched(browser, provider, cast.clerk.login).status_code == 302


def test_a_directory_that_speaks_for_another_is_not_believed(
    browser: Client, provider: Provider
) -> None:
    provider.issuer = "https://elsewhere.example"
    assert browser.get(reverse("entry:directory")).status_code == 422


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_nobody_is_followed_elsewhere(
    cast: Cast, browser: Client, provider: Provider, path: str
) -> None:
    carried = leaves_for(browser)
    provider.said = {"preferred_username": cast.clerk.login, "nonce": carried["nonce"]}
    provider.sends_on = path
    assert_refused(comes_back(browser, carried["state"]), browser)


def test_an_address_that_sends_on_is_no_directory(browser: Client, provider: Provider) -> None:
    provider.sends_on = "/.well-known/openid-configuration"
    assert browser.get(reverse("entry:directory")).status_code == 422


def test_a_directory_whose_certificate_nobody_vouches_for_is_not_asked(
    browser: Client, provider: Provider, own_keys: Mapping[str, str]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_keys["DAICHO_SIGNING_CERT"], own_keys["DAICHO_SIGNING_KEY"])
    with serving(provider, context) as url:
        provider.configured["settings"]["server_url"] = url
        assert browser.get(reverse("entry:directory")).status_code == 422

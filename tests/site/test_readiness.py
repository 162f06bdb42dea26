"""readyz: a database that answers is not yet one that works."""

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

import databases


@pytest.mark.durable
def test_a_database_without_our_functions_is_not_ready(durable: str) -> None:
    ready = Client().get(reverse("entry:readyz"))
    assert ready.status_code == 200
    with psycopg.connect(databases.the_server().url(durable, "owner")) as owner:
        owner.execute("DROP FUNCTION public.append_only() CASCADE")
    unready = Client().get(reverse("entry:readyz"))
    assert (unready.status_code, unready.json()["reason"]) == (503, "database_unfit")


@pytest.mark.durable
def test_a_database_whose_functions_cannot_run_is_not_ready(durable: str) -> None:
    with psycopg.connect(
        databases.the_server().url(durable, "superuser"), autocommit=True
    ) as superuser:
        superuser.execute("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    unready = Client().get(reverse("entry:readyz"))
    assert (unready.status_code, unready.json()["reason"]) == (503, "database_unfit")

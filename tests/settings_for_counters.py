"""The product's settings, for a web server of the suite: with its own kind of password hash, at a
cost that a suite can pay. The demos of `site` pay the product's."""

from daicho.site.settings import *  # noqa: F403  the product's own, all of them

PASSWORD_HASHERS = ["hashers_for_tests.CheapArgon2"]

"""The product's settings in the role that installs every app."""

import os

os.environ["DAICHO_ROLE"] = "test"
os.environ.setdefault("DAICHO_MUNICIPALITY", "072036")
os.environ.setdefault("DAICHO_POLICY_PACK", "trial")  # one password is enough for the cast
os.environ.setdefault("DAICHO_SECRET_KEY", "tests-only-" + "0" * 40)

from daicho.site.settings import *  # noqa: F403  the product's own, all of them
from daicho.site.settings import DATABASES, MIDDLEWARE

# The addresses are those of the suite's own server, filled in when it runs (tests/databases.py).
DATABASES["owner"] = {**DATABASES["default"]}

# The same kind of password hash, at a cost that a suite can pay.
PASSWORD_HASHERS = ["hashers_for_tests.CheapArgon2"]

# A client has its own middleware, and each would look through every file of the screens.
_STATIC = "whitenoise.middleware.WhiteNoiseMiddleware"
MIDDLEWARE[MIDDLEWARE.index(_STATIC)] = "static_files_for_tests.FoundOnce"

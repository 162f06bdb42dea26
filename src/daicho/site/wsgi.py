"""The WSGI door that gunicorn opens: only a sound configuration serves people."""

import gc
import os
import sys

from django.core import checks
from django.core.wsgi import get_wsgi_application
from django.db import connections

from daicho.site.cli import OBJECTS_UNTIL_GARBAGE

gc.set_threshold(OBJECTS_UNTIL_GARBAGE)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
application = get_wsgi_application()

wrong = [one for one in checks.run_checks(databases=["default"]) if one.is_serious()]
connections.close_all()  # a worker that is forked from here opens its own
if wrong:
    sys.stderr.write("".join(f"{one.id} {one.msg} {one.hint or ''}\n" for one in wrong))
    sys.exit("台帳は、この設定では配信を始めません。")

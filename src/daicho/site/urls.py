"""The screens of this process's role."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path(prefix, include(module)) for prefix, module in settings.ROLE.urls]

handler400 = "daicho.web.errors.bad_request"
handler403 = "daicho.web.errors.forbidden"
handler404 = "daicho.web.errors.not_found"
handler500 = "daicho.web.errors.broken"

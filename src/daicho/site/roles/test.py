"""試験: every app at once, for the suite and for mypy; no process serves people in this role."""

from daicho.site.roles import Role, municipality

ROLE = Role(
    name="test",
    title="試験",
    apps=municipality.ROLE.apps,
    urls=municipality.ROLE.urls,
    home=municipality.ROLE.home,
)

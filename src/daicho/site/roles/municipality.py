"""市区町村: holds the 住民票, works the counter, keeps the numbers of its residents."""

from daicho.site.roles import Role

ROLE = Role(
    name="municipality",
    title="市区町村",
    apps=(
        "daicho.access",
        "daicho.vault",
        "daicho.register",
        "daicho.network",
        "daicho.certificates",
        "daicho.web",
        "daicho.web.counter",
        "daicho.web.console",
    ),
    urls=(
        ("", "daicho.web.entry.urls"),
        ("", "daicho.web.counter.urls"),
        ("console/", "daicho.web.console.urls"),
        ("my/", "daicho.web.resident.urls"),
    ),
    home="counter:home",
)

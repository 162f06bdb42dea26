"""都道府県: keeps 本人確認情報 with its numbers.

A 住民票 cannot be here: the register's app is not installed, its models cannot be imported.
"""

from daicho.site.roles import Role

ROLE = Role(
    name="prefecture",
    title="都道府県",
    apps=(
        "daicho.access",
        "daicho.vault",
        "daicho.network",
        "daicho.web",
        "daicho.web.console",
    ),
    urls=(("", "daicho.web.entry.urls"), ("console/", "daicho.web.console.urls")),
    home="console:home",
)

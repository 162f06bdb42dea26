"""地方公共団体情報システム機構: keeps the 本人確認情報 of the whole country with its numbers, and
makes the codes and numbers.

A 住民票 cannot be here: the register's app is not installed, its models cannot be imported.
"""

from daicho.site.roles import Role

ROLE = Role(
    name="centre",
    title="地方公共団体情報システム機構",
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

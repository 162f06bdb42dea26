"""manage sbom: write the list of the program's parts (SBOM) to standard output."""

import json
from typing import Any

from daicho.site.management import OwnCommand
from daicho.site.reference import sbom


class Command(OwnCommand):
    help = "プログラムの部品表(SBOM、CycloneDX 1.6 の JSON)を標準出力に書きます。"
    requires_system_checks = ()  # it reads the tree, not an installation

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps(sbom.bill(), ensure_ascii=False, indent=1))

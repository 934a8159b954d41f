"""`importer.py HOME ADMIN_URL KAFKA COMPANY FILE`: imports a CODA file, in a process to kill."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.arrears.imports import FileKind, import_file
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.host import Host
from services.embedded.composition import Home

folder, admin_url, kafka, slug, file = sys.argv[1:]
home = Home(Path(folder), admin_url, kafka)
host = Host(home.settings("arrears", pool_connections_max=2, sweep_s=1), Arrears)
content = Path(file).read_bytes()
report = import_file(host.service(slug), Caller("officer"), FileKind.CODA, "bank.cod", content)
print(json.dumps(report))

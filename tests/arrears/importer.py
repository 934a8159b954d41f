"""`importer.py HOME ADMIN_URL KAFKA COMPANY FILE AN_ACT`: imports a CODA file, to be killed.

AN_ACT: how many movements an act takes.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.arrears import bank_file
from services.arrears.imports import FileKind, import_file
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.host import Host
from services.embedded.composition import Home

folder, admin_url, kafka, slug, file, an_act = sys.argv[1:]
bank_file.MOVEMENTS_AN_ACT = int(an_act)
home = Home(Path(folder), admin_url, kafka)
host = Host(home.settings("arrears", pool_connections_max=2, sweep_s=1), Arrears)
content = Path(file).read_bytes()
report = import_file(host.service(slug), Caller("officer"), FileKind.CODA, "bank.cod", content)
print(json.dumps(report))

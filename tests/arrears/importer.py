"""A process that imports a CODA file, to be killed."""

from multiprocessing.connection import Connection
from pathlib import Path

from services.arrears import bank_file
from services.arrears.imports import FileKind, import_file
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.host import Host
from services.embedded.composition import Home


def run_import(there: Connection, home: Home, slug: str, file: Path, an_act: int) -> None:
    """Send the report of the import; `an_act`: how many movements an act takes."""
    bank_file.MOVEMENTS_AN_ACT = an_act
    host = Host(home.settings("arrears", pool_connections_max=2, sweep_s=1), Arrears)
    content = file.read_bytes()
    service = host.service(slug)
    there.send(import_file(service, Caller("officer"), FileKind.CODA, "bank.cod", content))

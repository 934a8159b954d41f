"""All that the services import, imported once by the process that they are forked from."""

import atexit
import gc
import os
from importlib import import_module

from services.chassis.settings import SERVICES

# Nothing that is imported is garbage: to look for it takes a seventh of the time.
gc.disable()
for service in SERVICES:
    import_module(f"services.{service}.__main__")
gc.enable()

_own = os.getpid()


@atexit.register
def _end_at_once() -> None:
    """Nothing of it is to be taken apart: a library tells on the terminal of whatever is left."""
    if os.getpid() == _own:
        os._exit(0)


# What is never looked through by a collector is never written to, and stays shared.
gc.collect()
gc.freeze()

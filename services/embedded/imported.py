"""All that the services import, imported once by the process that they are forked from."""

import gc

import services.arrears.__main__
import services.followup.__main__
import services.intake.__main__
import services.reporting.__main__  # noqa: F401 - forked services find it there

# What is never looked through by a collector is never written to, and stays shared.
gc.collect()
gc.freeze()

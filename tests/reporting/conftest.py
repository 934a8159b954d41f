"""The test modules of this folder share `made_up.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

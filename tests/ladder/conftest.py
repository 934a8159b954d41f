"""The test modules of this folder share `telling.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

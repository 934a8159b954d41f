"""Tests about how the product is written; each failure says what to do instead."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

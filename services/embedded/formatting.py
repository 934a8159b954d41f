"""What Kafka's own formatting leaves in a new folder, kept for the homes that come later.

To format takes a Java of its own, 0.4 s of a start, and what it leaves depends on the jars and the
configuration alone, but for the identities of cluster and folder: each home has its own.
"""

import base64
import re
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

IDENTITIES = "meta.properties"
_IDENTITY = re.compile(r"^(cluster|directory)\.id=.*$", re.MULTILINE)


def new_identity() -> str:
    """As Kafka writes one: 128 random bits in URL-safe base64."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii")[:22]


class Formatting:
    """Kept beside the jars, under a name that is another one for other jars."""

    def __init__(self, jars: Path, name: str) -> None:
        self._kept = jars / f"{name}.formatted"

    def copy_to(self, folder: Path) -> bool:
        """Make `folder`, which must not exist; False where nothing is kept yet.

        Errors: OSError, and then there is no `folder`.
        """
        if not (self._kept / IDENTITIES).exists():
            return False
        draft = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(self._kept, draft)
        told = (draft / IDENTITIES).read_text("ascii")
        own = _IDENTITY.sub(lambda found: f"{found[1]}.id={new_identity()}", told)
        (draft / IDENTITIES).write_text(own, "ascii")
        draft.rename(folder)
        return True

    def keep(self, folder: Path) -> None:
        """What was formatted just now and no broker has met. Where it cannot be, it is not kept."""
        draft = self._kept.with_name(f"{self._kept.name}-{uuid.uuid4().hex}")
        with suppress(OSError):
            shutil.copytree(folder, draft)
            draft.rename(self._kept)
        shutil.rmtree(draft, ignore_errors=True)

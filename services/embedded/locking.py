"""Writes jars.lock.toml anew: `python -m services.embedded.locking` after a change below."""

import sys

from jgo import resolve
from jgo.maven import Artifact

from services.embedded.jars import LOCK, sha256_of

# slf4j-simple: Kafka's own pom names no logging backend, and without one its errors are lost.
_WANTED = {
    "kafka": ("org.apache.kafka:kafka_2.13:4.4.0", "org.slf4j:slf4j-simple:1.7.36"),
    "pages": ("org.webjars.npm:govuk-frontend:5.14.0",),
}


def main() -> None:
    """Resolve what is wanted with everything it needs, and write names, versions and sums."""
    lines = [
        "# Jars of the embedded mode, in class path order: names, versions, SHA-256.",
        "# Written by `python -m services.embedded.locking`; not edited by hand.",
    ]
    for purpose, coordinates in _WANTED.items():
        jars = {str(jar): jar for wanted in coordinates for jar in resolve(wanted)}
        for jar in jars.values():
            lines += ["", *_entry(purpose, jar)]
    LOCK.write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{LOCK.name} written\n")


def _entry(purpose: str, jar: Artifact) -> list[str]:
    return [
        f"[[{purpose}]]",
        f'group = "{jar.groupId}"',
        f'artifact = "{jar.artifactId}"',
        f'version = "{jar.version}"',
        f'sha256 = "{sha256_of(jar.resolve())}"',
    ]


if __name__ == "__main__":
    main()

"""Who may do what in intake."""

from services.chassis.identity import Role

OFFICERS = frozenset({Role.INTAKE_OFFICER})
READERS = frozenset({Role.INTAKE_OFFICER, Role.MANAGER, Role.AUDITOR})

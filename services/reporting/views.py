"""What indicators read: facts as they stand, and as they were known at any moment.

A view is a table macro with the moment as its argument: "as known on" is a filter and never a
second code path. A correction replaces the whole fact it corrects from its own `recorded_at` on;
the latest position wins; a withdrawal leaves nothing (design: the rule of corrections).
"""

import re
from functools import cache

import duckdb

from services.reporting.interventions import decided_views

REF_OF = """
CREATE OR REPLACE MACRO ref_of(service, position) AS position * 4 + enum_code(service)
"""
"""A fact as one number: where a figure has millions of them behind it, words take too long."""

LATEST = """
CREATE OR REPLACE MACRO latest(known) AS TABLE
SELECT service, corrects AS root, max(position) AS position FROM fact
WHERE corrects IS NOT NULL AND recorded_at < known GROUP BY service, corrects
"""

EFFECTIVE = """
CREATE OR REPLACE MACRO effective(fact_type, known) AS TABLE
SELECT f.* EXCLUDE (hash_start), ref_of(f.service, f.position) AS ref
FROM fact f LEFT JOIN latest(known) l
    ON l.service = f.service AND l.root = coalesce(f.corrects, f.position)
WHERE f.type = fact_type AND f.recorded_at < known AND NOT f.withdrawn
    AND (l.position IS NULL OR l.position = f.position)
"""

LEASES = """
CREATE OR REPLACE MACRO leases(known) AS TABLE
SELECT s.lease_id, s.household_id, s.dwelling_id, s.start_on, s.transfer_of, s.origin,
       s.welcomed_on, e.ended_on, e.reason AS end_reason,
       list_filter([s.ref, e.ref], lambda x: x IS NOT NULL) AS refs
FROM effective('intake.lease-signed', known) s
LEFT JOIN effective('intake.lease-ended', known) e USING (lease_id)
"""

LEASES_ON = """
CREATE OR REPLACE MACRO leases_on(day, known) AS TABLE
SELECT * FROM leases(known) WHERE start_on <= day AND (ended_on IS NULL OR ended_on > day)
"""

DWELLINGS = """
CREATE OR REPLACE MACRO dwellings(known) AS TABLE
SELECT dwelling_id, registered_on, ref FROM effective('intake.dwelling-registered', known)
"""

SUSPENSIONS = """
CREATE OR REPLACE MACRO suspensions(known) AS TABLE
SELECT s.dwelling_id, s.unlettable_from, min(r.lettable_from) AS lettable_from,
       list_distinct([any_value(s.ref), min_by(r.ref, r.lettable_from)]) AS refs
FROM effective('intake.letting-suspended', known) s
LEFT JOIN effective('intake.letting-resumed', known) r
    ON r.dwelling_id = s.dwelling_id AND r.position > s.position
GROUP BY s.dwelling_id, s.unlettable_from, s.position
"""

DWELLINGS_ON = """
CREATE OR REPLACE MACRO dwellings_on(day, known) AS TABLE
SELECT d.dwelling_id, l.running > 0 AS let, s.dwelling_id IS NOT NULL AS unlettable,
       list_distinct(list_filter(flatten([[d.ref], l.refs, s.refs]), lambda x: x IS NOT NULL))
           AS refs
FROM dwellings(known) d
LEFT JOIN (
    SELECT dwelling_id, count(*) FILTER (ended_on IS NULL OR ended_on > day) AS running,
           max_by(refs, (start_on, lease_id)) AS refs
    FROM leases(known) WHERE start_on <= day GROUP BY dwelling_id
) l USING (dwelling_id)
LEFT JOIN suspensions(known) s ON s.dwelling_id = d.dwelling_id AND s.unlettable_from <= day
    AND (s.lettable_from IS NULL OR s.lettable_from > day)
WHERE d.registered_on <= day
"""

CHARGES = """
CREATE OR REPLACE MACRO charges(known) AS TABLE
SELECT lease_id, charge_id, month, period_start, due_on, rent_cents + charges_cents AS cents,
       CASE WHEN periods_a_year IS NULL THEN rent_cents + charges_cents
       ELSE (2 * (rent_cents + charges_cents) * periods_a_year + 12) // 24 END AS month_cents, ref
FROM effective('arrears.rent-charged', known)
"""
"""`month_cents`: of a rent that is not monthly, what a charge comes to a month, half up (BR-03)."""

MONEY = """
CREATE OR REPLACE MACRO money(known) AS TABLE
SELECT lease_id, value_date, amount_cents AS cents, ref
FROM effective('arrears.payment-received', known)
UNION ALL
SELECT lease_id, value_date, -amount_cents, ref
FROM effective('arrears.payment-reversed', known)
UNION ALL
SELECT lease_id, returned_on, -amount_cents, ref
FROM effective('arrears.credit-returned', known)
UNION ALL
SELECT lease_id, value_date, -amount_cents, ref
FROM effective('arrears.other-charge-paid', known)
"""

WRITTEN_OFF = """
CREATE OR REPLACE MACRO written_off(known) AS TABLE
SELECT lease_id, written_off_on, amount_cents AS cents, ref
FROM effective('arrears.arrears-written-off', known)
"""

OWED_LINES = """
SELECT lease_id, due_on AS on_day, cents, ref FROM charges({known})
UNION ALL SELECT lease_id, value_date, -cents, ref FROM money({known})
UNION ALL SELECT lease_id, written_off_on, -cents, ref FROM written_off({known})
"""
OWED = f"""
CREATE OR REPLACE MACRO owed(day, known) AS TABLE
SELECT lease_id, greatest(0, sum(cents)) AS arrears_cents, list(ref) AS refs
FROM ({OWED_LINES.format(known="known")}) WHERE on_day <= day GROUP BY lease_id
"""

MONTH_LINES = """
SELECT lease_id, due_on AS on_day, month_cents, ref,
       (due_on, month, coalesce(period_start, due_on)) AS latest
FROM charges({known})
"""
LAST_MONTH = f"""
CREATE OR REPLACE MACRO last_month(day, known) AS TABLE
SELECT lease_id, max_by(month_cents, latest) AS month_cents, max_by(ref, latest) AS ref
FROM ({MONTH_LINES.format(known="known")}) WHERE on_day <= day GROUP BY lease_id
"""

VISITS_MADE = """
CREATE OR REPLACE MACRO visits_made(known) AS TABLE
SELECT visit_id, lease_id, household_id, done_on, place, ref
FROM effective('followup.visit-recorded', known)
"""

VISITS_PLANNED = """
CREATE OR REPLACE MACRO visits_planned(known) AS TABLE
SELECT visit_id, max_by(lease_id, position) AS lease_id, max_by(planned_on, position) AS planned_on,
       max_by(ref, position) AS ref
FROM effective('followup.visit-planned', known) GROUP BY visit_id
"""

VISITS_WITHDRAWN = """
CREATE OR REPLACE MACRO visits_withdrawn(known) AS TABLE
SELECT visit_id, min(withdrawn_on) AS withdrawn_on
FROM effective('followup.visit-withdrawn', known) GROUP BY visit_id
"""

PLAN_ENDS = """
CREATE OR REPLACE MACRO plan_ends(known) AS TABLE
SELECT plan_id, completed_on AS ended_on, true AS completed, ref
FROM effective('arrears.repayment-plan-completed', known)
UNION ALL
SELECT plan_id, broken_on, false, ref FROM effective('arrears.repayment-plan-broken', known)
UNION ALL
SELECT plan_id, cancelled_on, false, ref FROM effective('arrears.repayment-plan-cancelled', known)
"""

PLANS = """
CREATE OR REPLACE MACRO plans(known) AS TABLE
SELECT a.lease_id, a.plan_id, a.agreed_on, a.first_due_on, a.frequency, a.count AS instalments,
       a.instalment_cents, a.lump_sum_on, a.ends_on, e.ended_on,
       coalesce(e.completed, false) AS completed,
       list_filter([a.ref, e.ref], lambda x: x IS NOT NULL) AS refs
FROM effective('arrears.repayment-plan-agreed', known) a
LEFT JOIN plan_ends(known) e USING (plan_id)
"""

SUPPORT_PERIODS = """
CREATE OR REPLACE MACRO support_periods(known) AS TABLE
SELECT o.household_id, o.period_id, o.opened_on, least(o.ends_on, c.closed_on) AS over_on,
       list_filter([o.ref, c.ref], lambda x: x IS NOT NULL) AS refs
FROM effective('followup.support-period-opened', known) o
LEFT JOIN effective('followup.support-period-closed', known) c USING (period_id)
"""
"""`over_on`: the first evening on which a period is no longer open, closed or ended by itself."""

SUPPORTED_ON = """
CREATE OR REPLACE MACRO supported_on(day, known) AS TABLE
SELECT household_id, flatten(list(refs)) AS refs FROM support_periods(known)
WHERE opened_on <= day AND (over_on IS NULL OR over_on > day) GROUP BY household_id
"""

MISSED = """
CREATE OR REPLACE MACRO missed(known) AS TABLE
SELECT lease_id, charge_id, due_on, ref FROM effective('arrears.payment-missed', known)
"""

CLEARINGS = """
CREATE OR REPLACE MACRO clearings(known) AS TABLE
SELECT lease_id, cleared_on, ref FROM effective('arrears.arrears-cleared', known)
"""

COUNT_AS_REACTIONS = (
    ("arrears.step-taken", "taken_on", "true"),
    ("arrears.contact-noted", "contacted_on", "true"),
    ("followup.visit-recorded", "done_on", "kind = 'arrears'"),
)
"""Facts by which a company reacts to arrears: type, its day, which of them. A line each."""

REACTIONS = "CREATE OR REPLACE MACRO reactions(known) AS TABLE" + " UNION ALL ".join(
    f"\nSELECT lease_id, {day} AS reacted_on, ref FROM effective('{kind}', known) WHERE {which}"
    for kind, day, which in COUNT_AS_REACTIONS
)

SPELLS = """
CREATE OR REPLACE MACRO spells(known) AS TABLE
SELECT m.lease_id, m.charge_id, m.due_on AS began_on, m.ref,
       min(c.cleared_on) AS cleared_on, min_by(c.ref, c.cleared_on) AS cleared_ref
FROM (
    SELECT *, lag(due_on) OVER (PARTITION BY lease_id ORDER BY due_on, charge_id) AS before
    FROM missed(known)
) m
LEFT JOIN clearings(known) c ON c.lease_id = m.lease_id AND c.cleared_on >= m.due_on
LEFT JOIN clearings(known) e ON e.lease_id = m.lease_id AND e.cleared_on >= m.before
    AND e.cleared_on < m.due_on
WHERE m.before IS NULL OR e.cleared_on IS NOT NULL
GROUP BY m.lease_id, m.charge_id, m.due_on, m.ref
"""
"""Times of arrears: each begins with the first unpaid due day after what was owed was cleared."""

BANK = """
CREATE OR REPLACE MACRO bank(known) AS TABLE
SELECT bank_complete_until FROM fact
WHERE type = 'arrears.day-closed' AND recorded_at < known ORDER BY position DESC LIMIT 1
"""

ALL = (
    REF_OF,
    LATEST,
    EFFECTIVE,
    LEASES,
    LEASES_ON,
    DWELLINGS,
    SUSPENSIONS,
    DWELLINGS_ON,
    CHARGES,
    MONEY,
    WRITTEN_OFF,
    OWED,
    LAST_MONTH,
    VISITS_MADE,
    VISITS_PLANNED,
    VISITS_WITHDRAWN,
    PLAN_ENDS,
    PLANS,
    SUPPORT_PERIODS,
    SUPPORTED_ON,
    MISSED,
    CLEARINGS,
    REACTIONS,
    SPELLS,
    BANK,
    *decided_views.ALL,
)


NAME = re.compile(r"MACRO (\w+)\(")
READS = re.compile(r"effective\('([^']+)'|type = '([^']+)'")


@cache
def types_read(sql: str) -> frozenset[str]:
    """The types of the facts that a query over the views reads."""
    found = frozenset(one or other for one, other in READS.findall(sql))
    for statement in ALL:
        name = NAME.search(statement)
        body = statement.partition("AS TABLE")[2]
        if name and re.search(rf"\b{name[1]}\(", sql):
            found |= types_read(body)
    return found


@cache
def words_read(sql: str) -> frozenset[str]:
    """The words of a query and of the views that it reads: among them every column it needs."""
    found = frozenset(re.findall(r"\w+", sql))
    for statement in ALL:
        name = NAME.search(statement)
        if name and name[1] in found and f"MACRO {name[1]}(" not in sql:
            found |= words_read(statement)
    return found


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """(Re)make the macros, so that a file always has the views of the code that opened it."""
    for statement in ALL:
        connection.execute(statement)

"""Views of what persons decided against the rule, beside it or after it, as known at a moment.

A row a fact, never the fact that holds today: what was decided was decided, also when it was taken
back, and taking back is a decision too. `occurred_on` is the business day; `recorded_at` is when it
was noted. `of_day`: of a correction, the day that the corrected fact is about.
"""

BY_A_PERSON = "position(':' IN {actor}) = 0"
"""Services and timers note as `service:…` and `timer:…`; an account's id has no colon."""
_SHOWN = """
f.service, f.position, f.type, f.subject, f.lease_id, f.actor, f.recorded_at, f.occurred_on,
f.withdrawn, f.corrects
"""
_UNDONE = """
EXISTS (FROM fact u WHERE u.service = f.service AND u.corrects = f.position AND u.withdrawn
        AND u.recorded_at < known)
"""

OVERRIDES = f"""
CREATE OR REPLACE MACRO persons_overrides(known) AS TABLE
SELECT {_SHOWN}, split_part(f.type, '.', 2) AS kind, f.step AS step, f.reason AS reason,
       NULL::BIGINT AS amount_cents, NULL::DATE AS of_day, NULL::TIMESTAMP AS first_recorded_at,
       {_UNDONE} AS undone
FROM fact f
WHERE f.recorded_at < known AND f.corrects IS NULL AND (
    f.type IN ('arrears.proposal-overridden', 'arrears.case-paused')
    OR (f.type = 'arrears.step-taken' AND NOT f.proposed AND {BY_A_PERSON.format(actor="f.actor")})
)
"""
"""`step`: the one that was set aside; of `step-taken` the one that was taken in its place."""

CORRECTIONS = f"""
CREATE OR REPLACE MACRO persons_corrections(known) AS TABLE
SELECT {_SHOWN}, CASE WHEN f.withdrawn THEN 'withdrawal' ELSE 'correction' END AS kind,
       NULL::VARCHAR AS step, f.struck_out_because AS reason, NULL::BIGINT AS amount_cents,
       r.occurred_on AS of_day, r.recorded_at AS first_recorded_at, false AS undone
FROM fact f LEFT JOIN fact r ON r.service = f.service AND r.position = f.corrects
WHERE f.recorded_at < known AND f.corrects IS NOT NULL
"""

ASSIGNMENTS = f"""
CREATE OR REPLACE MACRO persons_assignments(known) AS TABLE
SELECT {_SHOWN},
       CASE WHEN f.type = 'arrears.payment-unmatched' THEN 'taken-off'
            WHEN f.type = 'arrears.other-charge-paid'
            THEN CASE WHEN f.withdrawn THEN 'back-to-rent' ELSE 'to-other-charge' END
            WHEN f.withdrawn THEN 'unassigned' ELSE 'assigned' END AS kind,
       NULL::VARCHAR AS step, NULL::VARCHAR AS reason,
       coalesce(f.amount_cents, m.amount_cents) AS amount_cents, r.occurred_on AS of_day,
       r.recorded_at AS first_recorded_at, {_UNDONE} AS undone
FROM fact f
LEFT JOIN (
    SELECT payment_id, min_by(amount_cents, position) AS amount_cents FROM fact
    WHERE type = 'arrears.payment-unmatched' AND recorded_at < known GROUP BY payment_id
) m ON m.payment_id = f.payment_id
LEFT JOIN fact r ON r.service = f.service AND r.position = f.corrects
WHERE f.recorded_at < known AND (
    (f.type = 'arrears.payment-matched' AND f.matched_by = 'officer')
    OR (f.type = 'arrears.payment-matched' AND f.withdrawn
        AND {BY_A_PERSON.format(actor="f.actor")})
    OR (f.type = 'arrears.payment-unmatched' AND f.reason = 'assigned-wrongly')
    OR f.type = 'arrears.other-charge-paid'
)
"""
"""Money that an officer led to a lease or to another kind of charge, and took off again. Payments
of a list that names their leases are no such decision.
"""

ALL = (OVERRIDES, CORRECTIONS, ASSIGNMENTS)

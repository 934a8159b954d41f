"""What `simulate`, `check-policy`, `check-letters`, `bands` and `explain` of a lease say."""

from typing import Any


def numbered(count: int, one: str) -> str:
    """So many of a thing, in English: `1 rule`, `2 rules`."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def simulation_text(answer: dict[str, Any]) -> str:
    from services.arrears.ladder.owing import euros

    lines = [f"On {answer['on']}: owed {euros(answer['balance_cents'])}"]
    if answer["net_cents"] != answer["balance_cents"]:
        lines[0] += f", net of the grace {euros(answer['net_cents'])}"
    if answer["rent"]:
        rent = answer["rent"]
        lines.append(f"  Rent {rent['period']}, {euros(rent['weekly_cents'])} a week")
    for plan in answer["plans"]:
        lines.append(
            f"  Plan {plan['plan']}: {plan['state']}, expected {euros(plan['expected_cents'])}, "
            f"short of it {euros(plan['shortfall_cents'])}"
        )
        lines += [f"    {change['on']}  {change['state']}" for change in plan["history"]]
    for step in answer["active_steps"]:
        lines.append(f"  {step['step']} is active from {step['from']} until {step['until'] or '…'}")
    lines += ["", *_proposed(answer)]
    if answer["sendings"]:
        lines.append("")
    for sending in answer["sendings"]:
        became = "sent" if sending["sent"] else "left as a draft" if sending["draft"] else "stopped"
        why = f": {', '.join(sending['stopped_by'])}" if sending["stopped_by"] else ""
        fee = f", fee {euros(sending['fee_cents'])}" if sending["fee_cents"] else ""
        lines.append(f"  {sending['at']}  {sending['step']} {became}{why}{fee}")
    return "\n".join(lines)


def _proposed(answer: dict[str, Any]) -> list[str]:
    lines = [f"Proposed: {answer['proposed'] or 'nothing'}", f"  {answer['because']}"]
    if answer["policy"]:
        lines.append(f"  by {answer['policy']}, version {answer['policy_version']}")
    if answer["also_matching"]:
        lines.append(f"  also matching: {', '.join(answer['also_matching'])}")
    if answer["stopped_by"]:
        lines.append(f"  stopped by: {', '.join(answer['stopped_by'])}")
    return lines


def proposal_text(answer: dict[str, Any]) -> str:
    """What was proposed for a lease on a day, as it was known then."""
    from services.arrears.ladder.owing import euros

    owed, until = euros(answer["balance_cents"]), answer["bank_complete_until"] or "no day"
    lines = [
        f"On {answer['on']}: owed {owed}, bank data complete until {until}",
        "",
        *_proposed(answer),
    ]
    number = len(answer["lines"])
    return "\n".join([*lines, "", f"{number} lines were known then: --format json has them all"])


ROWS_SHOWN = 40


def rehearsal_text(answer: dict[str, Any]) -> str:
    totals, rows = answer["totals"], answer["rows"]
    policy = f"{answer['policy']}, version {answer['policy_version']}"
    lines = [f"{policy}, from {answer['from']} to {answer['to']}", ""]
    for row in rows[:ROWS_SHOWN]:
        done = f"{row['was_done']} on {row['done_on']}" if row["was_done"] else "nothing"
        would = row["would_propose"] or "(nothing)"
        lines.append(f"  {row['on']}  {row['account']:<14} {would:<24} done: {done}")
    if len(rows) > ROWS_SHOWN:
        lines.append(f"  … {len(rows) - ROWS_SHOWN} more: --csv FILE or --format json has them all")
    lines.append("")
    lines.append(
        f"Proposed {totals['proposed']}: done as proposed {totals['done_as_proposed']}, otherwise "
        f"{totals['done_otherwise']}, not done {totals['not_done']}. Done though nothing was "
        f"proposed: {totals['done_unproposed']}."
    )
    lines += [f"  {step:<24} {number:>6}" for step, number in totals["by_step"].items()]
    return "\n".join(lines)


def letters_text(answer: dict[str, Any]) -> str:
    lines = [f"{answer['letters']} {answer['version']}: every letter can be made."]
    lines += [f"  {name}: {', '.join(spoken)}" for name, spoken in answer["messages"].items()]
    return "\n".join(lines)


def check_text(answer: dict[str, Any]) -> str:
    rules = numbered(answer["rules"], "rule")
    lines = [f"{answer['policy']}, version {answer['version']}: {rules}"]
    lines += [f"  {rule['rule']} can never fire: {rule['reason']}" for rule in answer["never_fire"]]
    default = answer["default"] or "nothing"
    if answer["unmatched"]:
        lines.append(f"  where no rule matches, {default} is proposed; for instance:")
        lines.append(f"    {answer['unmatched']}")
    if answer["undecided"]:
        lines.append(
            f"  undecided, for there are too many states: {', '.join(answer['undecided'])}"
        )
    elif not answer["never_fire"]:
        lines.append("  every rule can fire, no two have one rank, every name is declared")
    return "\n".join(lines)


def bands_text(answer: dict[str, Any]) -> str:
    value = "not computable" if answer["value"] is None else answer["value"]
    unit = " %" if answer["unit"] == "percent" and answer["value"] is not None else ""
    line = f"{answer['indicator']}, period that ends on {answer['period_end']}: {value}{unit}"
    if answer["band"]:
        score = f", score {answer['score']}" if answer["score"] is not None else ""
        return f"{line}\n  {answer['band']}{score} (version {answer['version']})"
    return f"{line}\n  definition gap: {answer['definition_gap']}" if answer["value"] else line

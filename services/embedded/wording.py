"""The answers of commands as text for people."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.chassis.accounts import Account, access_code, read_accounts
from services.embedded.document_wording import numbered

if TYPE_CHECKING:
    from services.embedded.suite import Suite

SHOWN_PARTS = 10


def demo_text(answer: dict[str, Any], suite: "Suite", home: Path, *, ends: bool) -> str:
    """`ends`: what was started stops again, and is to be started for what to try next."""
    slug, year = answer["company"], answer["to"][:4]
    lines = [
        (
            f"\n{answer['leases']} leases, {answer['from']} to {answer['to']}: "
            f"{sum(answer['facts'].values())} facts in {answer['seconds']} s"
        ),
        "",
        f"  Address      {suite.address_of('front')}/",
        f"  Access code  {access_code(home)}",
        "  Sign in as   " + _who(read_accounts(home / "accounts.toml"), slug),
        "",
        *(_figure_line(figure) for figure in answer["figures"][:5]),
        "",
        "What to try next",
        *(["  .venv/bin/referent up"] if ends else []),
        f"  .venv/bin/referent explain I01 --company {slug} --year {year}",
        f"  .venv/bin/referent report --company {slug} --year {year} --known-on {year}-12-31",
        f"  .venv/bin/referent rebuild --company {slug} --from kafka",
        "  .venv/bin/referent status",
    ]
    return "\n".join(lines)


def _who(accounts: dict[str, Account], slug: str) -> str:
    own = [account.id for account in accounts.values() if account.may_see(slug)]
    return ("\n" + " " * 15).join(own)


def _figure_line(figure: dict[str, Any], *, by_version: bool = False) -> str:
    """`by_version`: it says which version of its definition it is counted by."""
    name = _name(figure, by_version=by_version)
    value = "not computable" if figure["value"] is None else f"{figure['value']} {figure['unit']}"
    made_of = f"{figure['numerator']} / {_side(figure['denominator'])}"
    if figure.get("members") is not None:
        made_of = f"median of {figure['members']}, {figure['left_out']} apart"
    judged = figure["band"] or figure["definition_gap"] or ""
    words = f"{figure['title']}{f' ({judged})' if judged else ''}"
    words += "" if figure.get("complete", True) else " (not complete)"
    return f"  {name}  {value:>14}   {made_of:>22}   {words}"


def _name(figure: dict[str, Any], *, by_version: bool) -> str:
    name: str = figure["indicator"]
    return f"{name}@{figure['definition_version']}" if by_version else name


def _side(side: Any) -> str:
    """A number of things, or an exact mean."""
    return str(side) if isinstance(side, int) else f"{side['num']}/{side['den']}"


def _by_version(identities: list[str], definitions: Iterable[str]) -> set[str]:
    """Of these figures, those of which several versions are shown or one was asked for by name."""
    asked = {name.upper().partition("@")[0] for name in definitions if "@" in name}
    return {one for one in identities if one in asked or identities.count(one) > 1}


def report_text(answer: dict[str, Any], definitions: Iterable[str] = ()) -> str:
    period = answer["period"]
    complete = "complete" if answer["complete"] else "not complete"
    named = _by_version([figure["indicator"] for figure in answer["figures"]], definitions)
    return "\n".join(
        [
            (
                f"{answer['company']}, {period['from']} to {period['to']}, known on "
                f"{answer['known_on']} ({complete})"
            ),
            f"cut-off: {_positions(answer['cutoff'])}",
            *_missing(answer),
            *(
                _figure_line(figure, by_version=figure["indicator"] in named)
                for figure in answer["figures"]
            ),
        ]
    )


def _missing(answer: dict[str, Any]) -> list[str]:
    """Why figures may change yet, or do not cover their year."""
    return [f"  missing: {sentence}" for sentence in answer["missing"]]


def signed_text(answer: dict[str, Any]) -> str:
    """A signed return, and whether it can be reckoned again."""
    again = "identical" if answer["identical"] else f"DIFFERENT, digest {answer['rebuilt_digest']}"
    return "\n".join(
        [
            (
                f"{answer['company']}, return {answer['return']}, signed {answer['signed_at']} by "
                f"{answer['actor']}, known on {answer['known_on']}"
            ),
            f"cut-off: {_positions(answer['cutoff'])}",
            *(f"signed in spite of: {sentence}" for sentence in answer["despite"] or ()),
            *([f"reason: {answer['reason']}"] if answer["reason"] else []),
            *(_figure_line(figure, by_version=True) for figure in answer["figures"]),
            f"digest {answer['digest']}",
            f"rebuilt today from the facts up to the cut-off: {again}",
        ]
    )


def _positions(cutoff: dict[str, int]) -> str:
    return ", ".join(f"{name} {position}" for name, position in cutoff.items())


def diff_text(answer: dict[str, Any], definitions: Iterable[str] = ()) -> str:
    days = answer["known_on"]
    lines = [f"{answer['company']}, {answer['year']}: known on {', then on '.join(days)}"]
    for day, missing in zip(days, answer["missing"], strict=True):
        lines += [f"  missing on {day}: {sentence}" for sentence in missing]
    named = _by_version([change["indicator"] for change in answer["changes"]], definitions)
    for change in answer["changes"]:
        before, after = (
            "not computable" if told["value"] is None else f"{told['value']} {told['unit']}"
            for told in (change["figure_before"], change["figure_after"])
        )
        old, new = (change[f"figure_{when}"]["definition_version"] for when in ("before", "after"))
        name = _name(change["figure_after"], by_version=change["indicator"] in named)
        lines.append(f"  {name}  {before} -> {after}")
        lines += [
            f"    {cause['kind']:<10} {cause['fact'] or f'{old}, then {new}: not to be compared'}"
            for cause in change["because"][:20]
        ]
        if not change["because"]:
            lines.append("    the period is longer")
        if len(change["because"]) > 20:
            lines.append(f"    and {len(change['because']) - 20} more facts")
    return "\n".join(lines if answer["changes"] else [*lines, "  no figure moved"])


def explain_text(answer: dict[str, Any]) -> str:
    told = f"  definition {answer['figure']['definition_version']}: {answer['formula']}"
    lines = [_figure_line(answer["figure"]), told, *_missing(answer), ""]
    if answer["figure"].get("members") is not None:
        chosen = "members in order, the chosen marked with *"
        lines += [chosen, *_parts(answer["numerator_parts"]), "apart, without a value"]
        return "\n".join([*lines, *_parts(answer["left_out_parts"])])
    for side in ("numerator", "denominator"):
        parts = answer[f"{side}_parts"]
        over = answer["denominator_over"] if side == "denominator" else 1
        over_all = f", which add up to {over} times it" if over > 1 else ""
        number = numbered(len(parts), "part")
        lines.append(f"{side}: {_side(answer['figure'][side])} in {number}{over_all}")
        lines += _parts(parts)
    return "\n".join(lines)


def _parts(parts: list[dict[str, Any]]) -> list[str]:
    """The first of them, or those around the middle of a median."""
    chosen = [place for place, part in enumerate(parts) if part.get("chosen")]
    first = max(0, chosen[0] - SHOWN_PARTS // 2) if chosen else 0
    lines = [f"  … {first} before"] if first else []
    for part in parts[first : first + SHOWN_PARTS]:
        facts = ", ".join(part["facts"][:4]) + (" …" if len(part["facts"]) > 4 else "")
        mark = "*" if part.get("chosen") else " "
        lines.append(f" {mark}{part['amount']:>10}  {part['subject']}  {part['actor']}  {facts}")
    if (after := len(parts) - first - SHOWN_PARTS) > 0:
        lines.append(f"  … {after} more (--format json has them all)")
    return lines


def rebuild_text(answer: dict[str, Any]) -> str:
    same = "identical to the views before"
    if not answer["identical_to_previous"]:
        same = "DIFFERENT from the views before"
    elif not answer["facts_before"]:
        same = "there were no views before to compare with"
    return (
        f"{answer['facts']} facts in {answer['seconds']} s ({answer['facts_per_s']} a second), "
        f"{same}\ndigest {answer['digest']}"
        + "".join(f"\nnot in the manifest, not read: {path}" for path in answer.get("ignored", ()))
    )


def archive_text(answer: dict[str, Any], folder: Path) -> str:
    lines = [f"  not of the archive, left alone: {path}" for path in answer["ignored"]]
    if not answer["added"]:
        return "\n".join([f"Nothing new: {folder} holds all {answer['facts']} facts.", *lines])
    files = len(answer["files"])
    told = f"{answer['added']} facts added; {folder} holds {answer['facts']} in {files} files."
    return "\n".join([told, *lines])


def import_text(answer: dict[str, Any], *, dry_run: bool = False) -> str:
    posted = ", nothing is posted (dry run)" if dry_run else ""
    lines = [f"{answer['file']}: {answer['state']}, {answer['accepted']} accepted{posted}"]
    if answer["unmatched"]:
        lines.append(f"  {answer['unmatched']} payments match no lease: they wait to be assigned")
    lines += [
        f"  statement {s['number']} of {s['date']}: {s['movements']} movements"
        for s in answer["statements"]
    ]
    for name in ("refused", "flagged"):
        lines += [
            f"  {name}: line {error['line']}{error['field'] and ', ' + error['field']}: "
            f"{error['reason']}"
            for error in answer[name]
        ]
    return "\n".join(lines)


def down_text(answer: dict[str, Any]) -> str:
    return "Stopped." if answer["stopped"] else "Nothing runs here."


def status_text(answer: dict[str, Any]) -> str:
    servers = answer.get("servers", [])
    lines = [f"{one['server']:<10} DOWN: {one['why']}" for one in servers if not one["up"]]
    for service in answer["services"]:
        lines.append(f"{service['service']:<10} {'up' if service['up'] else 'DOWN'}")
        lines += _workers(service.get("workers", []))
        for company in service["companies"]:
            lines.append(
                f"  {company['company']:<24} {company['facts']:>8} facts, "
                f"{company['relayed']} relayed" + _troubles(company)
            )
            lines += [
                f"    hears {publisher:<9} at {seen['position']:>8}, lag {seen['lag']}"
                + (f", HELD: {seen['held']}" if seen.get("held") else "")
                for publisher, seen in company["consumed"].items()
            ]
    return "\n".join(lines)


def _workers(workers: list[dict[str, Any]]) -> list[str]:
    """Which process owns which companies, where there are several."""
    if len(workers) < 2:
        return []
    return [
        f"  {worker['address']} "
        + (f"owns {', '.join(worker['owns']) or 'nothing'}" if worker["up"] else "DOWN")
        for worker in workers
    ]


def _troubles(company: dict[str, Any]) -> str:
    troubles = f", DIVERGED: {company['diverged']}" if company["diverged"] else ""
    if company["parked"]:
        troubles += f", {company['parked']} PARKED"
    if company["failing"]:
        troubles += f", FAILING: {company['failing']}"
    return troubles


def needs_an_operator(answer: dict[str, Any]) -> bool:
    """Whether something is down, diverged, parked, held or failing."""
    return any(not server["up"] for server in answer["servers"]) or any(
        not service["up"]
        or any(
            company["diverged"]
            or company["parked"]
            or company["failing"]
            or any(seen.get("held") for seen in company["consumed"].values())
            for company in service["companies"]
        )
        for service in answer["services"]
    )


def provision_text(answer: dict[str, Any], register: Path) -> str:
    lines = []
    for company in answer["companies"]:
        done = [*company["created"], *company["changed"]]
        lines.append(f"{company['company']}: {', '.join(done) if done else 'nothing to do'}")
    return "\n".join(lines) or f"{register} names no company, or is not there: add one."


def parked_text(answer: dict[str, Any], nothing: str) -> str:
    if not answer["parked"]:
        return nothing
    return "\n".join(
        f"{row['fact']} in {row['service']}: {row['reason']}"
        + (f" ({len(row['behind'])} behind)" if row["behind"] else "")
        for row in answer["parked"]
    )


def mended_text(answer: dict[str, Any]) -> str:
    return (
        f"{answer['adopted']} facts taken from the topic, {answer['repaired']} altered ones given "
        f"their bytes back, {answer['set_aside']} recorded since the restore set aside; the log "
        f"stands at {answer['position']}."
    )

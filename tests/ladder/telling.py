"""Cases and policies written as people write them, and what `simulate` answers to them."""

import json
from datetime import date
from pathlib import Path

from services.arrears.ladder.case import Case
from services.arrears.ladder.policy import read_policy
from services.arrears.ladder.simulating import Simulation
from services.chassis.written import Written, read_file

POLICIES = Path(__file__).parents[2] / "services" / "arrears" / "policies"
SMALL = """
policy: small
version: "1"
title: A small ladder
adopted_on: 2020-01-01
applies_from: 2020-01-01
steps: {}
rules:
  - {rule: much, rank: 1, propose: null, because: much, when: {owed: {more_than: {cents: 99999}}}}
default: null
"""
HEAD = SMALL.split("steps:", maxsplit=1)[0]


def case_of(*lines, **more):
    return Written("case", json.dumps({"happenings": lines, **more})).read(Case)


def line(on, what, **more):
    return {"on": on, "what": what, **more}


def policy_of(text):
    return read_policy(Written("policy", text))


def shipped(name):
    return read_policy(read_file(POLICIES / f"{name}.yaml"))


def simulated(*lines, on, known_on=None, policies=()):
    known = date.fromisoformat(known_on) if known_on else None
    return Simulation(case_of(*lines), policies, date.fromisoformat(on), known).answer()


def rules(*lines, steps="a: {title: A}, b: {title: B}", more=""):
    return f"{HEAD}steps: {{{steps}}}\n{more}rules:\n" + "\n".join(lines) + "\ndefault: null\n"


def rule(name, rank, when, propose="a"):
    return f"  - {{rule: {name}, rank: {rank}, propose: {propose}, because: b, when: {when}}}"


SHIPPED = [shipped(path.stem) for path in sorted(POLICIES.glob("*.yaml"))]

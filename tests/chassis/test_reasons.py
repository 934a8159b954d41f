"""Whatever is wrong in a document that people write, they are told in French."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.arrears.ladder.case import Case
from services.arrears.ladder.policy import Policy
from services.arrears.letters.template_book import LetterTemplates
from services.chassis.reasons import ANY, NO_YAML, REASONS, reason_of
from services.chassis.written import DocumentRefused, Fault, Written
from services.reporting.bands import Bands
from services.reporting.objectives.contract_document import WrittenContract

SERVICES = Path(__file__).parents[2] / "services"
LADDER = SERVICES / "arrears" / "policies"
BALANCE = '{"happenings": [{"on": "2025-01-01", "what": "balance", "cents": 1, "at": null}]}'
DOCUMENTS = [
    *((Policy, path.read_text("utf-8")) for path in sorted(LADDER.glob("*.yaml"))),
    *((Case, path.read_text("utf-8")) for path in sorted(LADDER.glob("cases/*"))),
    (Case, BALANCE),
    (LetterTemplates, (SERVICES / "arrears/letters/documents/wallonie.yaml").read_text("utf-8")),
    (Bands, (SERVICES / "reporting/bands-example.yaml").read_text("utf-8")),
    (
        WrittenContract,
        (SERVICES / "reporting/objectives/contract-example.yaml").read_text("utf-8"),
    ),
]
SPOILT = [
    *(None, True, 1.5, -1, 10**30, "", "x" * 70_000, "Mot ?", "\ud800", "2025-02-30", "2250-01-01"),
    *([], ["Mot ?"], ["none"] * 1_001, {}, {1: 2}, {"unknown": 1}, {"on": "x", "what": "x"}),
]
TAKEN_OUT = object()
KINDS = {
    *("missing", "extra_forbidden", "invalid_key", "none_required", "value_error"),
    *("string_type", "string_unicode", "string_too_long", "string_too_short"),
    *("int_type", "greater_than", "greater_than_equal", "less_than_equal"),
    *("bool_type", "bool_parsing", "literal_error", "enum", "too_long", "too_short"),
    *("tuple_type", "dict_type", "model_type", "model_attributes_type"),
    *("union_tag_invalid", "union_tag_not_found", "invisible_character", "empty_text"),
}
ENGLISH = re.compile(
    r"\b(the|and|must|should|input|value|string|valid|are|be|was|were|with|which|only|no|line|found|of"
    r"|has|have|known|needs|written|there|nothing|another|one|field|this|that|by|to|cannot)\b"
)


def in_french(sentence):
    said = re.sub(r"'[a-z-]+'", "", sentence.lower())
    return not ENGLISH.search(said) and sentence[-1] in ".?" and sentence != ANY


def plain(node):
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(value) for value in node] if isinstance(node, list) else node


def places(node, at=()):
    """Every (part, key, path) of a document."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key, (*at, "*" if isinstance(node, list) else key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, "*" if isinstance(node, list) else key))


@cache
def problems():
    """One problem of each kind and words that a shape finds in its document, spoilt anywhere."""
    found = {}
    for shape, text in DOCUMENTS:
        tree, seen = plain(Written("x", text).tree), set()
        for node, key, path in list(places(tree)):
            if path in seen:
                continue
            seen.add(path)
            whole = dict(node) if isinstance(node, dict) else list(node)
            for spoilt in (*SPOILT, TAKEN_OUT):
                if spoilt is TAKEN_OUT:
                    del node[key]
                else:
                    node[key] = spoilt
                for problem in faults(shape, tree):
                    found[problem["type"], problem["msg"]] = problem
                node.clear()
                node.update(whole) if isinstance(node, dict) else node.extend(whole)
    return list(found.values())


def faults(shape, tree):
    try:
        shape.model_validate(tree)
    except ValidationError as error:
        return error.errors(include_url=False, include_input=False)
    return []


def test_every_kind_of_error_that_a_shape_can_find_is_told_in_french():
    told = {(problem["type"], reason_of(problem)) for problem in problems()}

    assert sorted(pair for pair in told if not in_french(pair[1])) == []
    assert {kind for kind, _ in told} == KINDS
    assert set(REASONS) >= KINDS


def test_an_error_of_a_kind_that_is_not_known_is_no_english_either():
    assert reason_of({"type": "new_kind", "msg": "Input should be new"}) == ANY
    assert not in_french(ANY), "the test above would not see it"


MODULES = [
    *sorted((SERVICES / "arrears" / "ladder").glob("*.py")),
    SERVICES / "arrears" / "letters" / "template_book.py",
    SERVICES / "arrears" / "letters" / "typst_messages.py",
    SERVICES / "chassis" / "readings.py",
    SERVICES / "chassis" / "written.py",
    SERVICES / "reporting" / "band_files.py",
    SERVICES / "reporting" / "bands.py",
    SERVICES / "reporting" / "objectives" / "contract_document.py",
]
REFUSING = {"ValueError", "LineRefused", "Fault", "fault"}


def sentences(path):
    """The words of what a function refuses, or gives to be refused as `reason`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = [node] if name in REFUSING else []
        elif isinstance(node, ast.Assign):
            names = {getattr(target, "id", "") for target in node.targets}
            said = [node.value] if names & {"reason", "told", "gap", "NO_DAY", "NO_NUMBER"} else []
        else:
            continue
        for part in said:
            texts = (c.value for c in ast.walk(part) if isinstance(c, ast.Constant))
            yield from (text for text in texts if isinstance(text, str) and " " in text.strip())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_our_own_rules_refuse_is_said_in_french(path):
    wrong = [text for text in sentences(path) if ENGLISH.search(text.lower())]

    assert wrong == []


def test_the_rules_that_refuse_are_looked_at():
    assert sum(len([*sentences(path)]) for path in MODULES) > 50


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb:\n\t- 1\n", 3, "tabulation"),
        ("a: 1\na: 2\n", 2, "figure déjà plus haut"),
        ("a: 'x\nb: 3\n", 3, "guillemet"),
        ("a: 1\n---\nb: 2\n", 2, "Un seul document"),
        ("a: &x 1\nb: *x\n", 2, "renvois"),
        ("[" * 80, 1, "l'un dans l'autre"),
        ("a: un mot: autre\n", 1, NO_YAML),
        ("a: [1, 2\nb: 3\n", 2, NO_YAML),
        ("a:\n  b: 1\n c: 2\n", 3, NO_YAML),
        ('{"a": 1 "b": 2}', 1, NO_YAML),
        ("a: %x\n", 1, NO_YAML),
        ("a: \x01\n", 1, "invisible"),
        ("a: !!int x\n", 0, "illisible"),
        ("a: !!int ''\n", 0, "illisible"),
        ("a: !!bool x\n", 0, "illisible"),
        ("a: !!omap x\n", 0, "illisible"),
        ('a: "\\UFFFFFFFF"\n', 0, "illisible"),
    ],
)
def test_what_is_no_yaml_is_told_in_french_with_its_line_and_what_to_look_for(text, line, said):
    with pytest.raises(DocumentRefused) as refused:
        Written("x", text)

    (fault,) = refused.value.faults
    assert fault.line == line
    assert said in fault.reason
    assert in_french(fault.reason)


def test_what_a_merge_brings_is_told_with_the_line_of_its_block():
    written = Written("x", "a: 1\nb:\n  <<: {c: 2}\n")

    assert written.fault(["b", "c"], "Enlevez-le.").line == 2


def test_a_fault_says_its_line_its_field_and_its_sentence_with_spaces_that_hold():
    refused = Written("x", json.dumps({"a": 1})).fault(["a"], "Enlevez-le\u00a0: il n'est pas lu.")

    assert refused.words == "Ligne 1, a\u00a0: Enlevez-le\u00a0: il n'est pas lu."
    assert Fault(0, "", "Le fichier est vide.").words == "Le fichier est vide."

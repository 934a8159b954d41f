"""How arguments of the command line are read: what is wrong is said of the argument."""

import argparse
import re
from collections.abc import Callable
from typing import Any, TypeVar

from contracts.envelope import FACT_ID
from services.chassis.readings import FIRST_DAY, LAST_DAY, exact_number, read_day

T = TypeVar("T")


class Once(argparse.Action):
    """An option that is given twice is refused: the last one would count and nobody see it."""

    def __call__(self, _: Any, namespace: Any, value: Any, option_string: Any = None) -> None:
        given = vars(namespace).setdefault("given", set())
        if option_string and self.dest in given:
            raise argparse.ArgumentError(self, "is there twice: give it once")
        given.add(self.dest)
        setattr(namespace, self.dest, value)


class AnyOrder(argparse.ArgumentParser):
    """A command whose words may stand among its options: a word that may be left out is otherwise
    taken for left out at the first option.
    """

    within = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.within:
            return super().parse_known_args(args, namespace)
        self.within = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self.within = False


def typed(read: Callable[[object], T], expected: str) -> Callable[[str], T]:
    """A reader of documents, for the command line, which says itself what it expected."""

    def reading(text: str) -> T:
        try:
            return read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(expected) from None

    return reading


day = typed(read_day, f"a day that exists, as YYYY-MM-DD, from {FIRST_DAY} to {LAST_DAY}")
number = typed(exact_number, "a number, such as 3, 2.5 or 5/2")


def log_source(text: str) -> str:
    name, _, folder = text.partition(":")
    if text in ("kafka", "log") or (name == "archive" and folder):
        return text
    raise argparse.ArgumentTypeError(f"« {text} » is none of kafka, log, archive:DIR")


def archive_source(text: str) -> str:
    """The folder of `archive:DIR`."""
    name, _, folder = text.partition(":")
    if name != "archive" or not folder:
        raise argparse.ArgumentTypeError(f"« {text} » is not archive:DIR")
    return folder


def return_name(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}(/[1-9][0-9]{0,5})?", text, re.ASCII):
        raise argparse.ArgumentTypeError("a year, or a year and a version: 2025, 2025/1")
    return text


def fact(text: str) -> str:
    if not FACT_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"« {text} » is no fact's id: give COMPANY/SERVICE/POSITION, as « referent parked "
            "list » shows it"
        )
    return text


def count(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}")
        return int(text)

    return read


year = count(1990, 2100)

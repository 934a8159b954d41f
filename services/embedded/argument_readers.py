"""How arguments of the command line are read: what is wrong is said of the argument."""

import argparse
import re
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def typed(read: Callable[[object], T]) -> Callable[[str], T]:
    """A reader of documents, for the command line: what it says is said of the argument."""

    def reading(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return reading


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


def count(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}")
        return int(text)

    return read

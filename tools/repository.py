"""What every check needs: the files that git tracks, and C++ text without its comments and strings."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Finding(NamedTuple):
    where: str
    what: str


@functools.cache
def tracked(*folders: str, suffixes: tuple[str, ...] = ()) -> list[Path]:
    """Files that git tracks or would track, so that a new file is judged before its first commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [Path(name) for name in sorted(set(names)) if name and (ROOT / name).is_file()]
    return [path for path in paths if not suffixes or path.suffix in suffixes]


@functools.cache
def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


_RAW_STRING = re.compile(r'R"([^()\\ ]{0,16})\((.*?)\)\1"', re.S)
_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(text: str) -> str:
    """The text with its line ends only."""
    return re.sub(r"[^\n]", " ", text)


def code_only(text: str) -> str:
    """C++ with comments and literals blanked out; offsets and lines stay as they are."""

    def replace(match: re.Match[str]) -> str:
        token = match.group(0)
        # 1'000'000: the quote belongs to the number.
        if token[0] == "'" and match.start() > 0 and match.string[match.start() - 1].isalnum():
            return token
        return blank(token)

    text = _RAW_STRING.sub(lambda match: blank(match.group(0)), text)
    return _TOKEN.sub(replace, text)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def report(findings: list[Finding], good: str) -> int:
    """Prints what was found and gives the exit code."""
    for finding in findings:
        print(f"{finding.where}: {finding.what}")
    if not findings:
        print(good)
    return 1 if findings else 0


def stop(findings: list[Finding], good: str) -> None:
    sys.exit(report(findings, good))

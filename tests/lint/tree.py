# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lints share: the source files of the project and how a finding is reported."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = ['app', 'engine', 'ui']
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def files(*patterns, folders=(*CODE, 'tests')):
    """Paths relative to the root, sorted."""
    found = {path for folder in folders for pattern in patterns for path in (ROOT / folder).rglob(pattern)}
    return sorted(path.relative_to(ROOT) for path in found)


def read(path):
    return (ROOT / path).read_text()


def includes(path):
    """Pairs of the quote, '"' or '<', and the name."""
    return INCLUDE.findall(read(path))


def report(findings):
    """Prints the findings and ends the program."""
    findings = list(findings)
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)

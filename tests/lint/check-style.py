#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that files and functions stay small enough to be read at once, and that a few words do not appear."""
import re

import tree

MAX_FILE_LINES = 600
MAX_TEST_LINES = 1000  # A test is a list of cases, which are read one at a time.
MAX_BODY_LINES = 60
# Path -> why it may be longer.
LONG_FILES = {}
NEVER = {
    re.compile(r'\b(TODO|FIXME|HACK)\b'): 'left for later',
    re.compile(r'^\s*goto\b'): 'goto; cleanup is automatic',
    re.compile(r'\t'): 'a tab',
}


def bodies(lines):
    """Pairs of the line a function body starts at and its length."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == '{' and number > 1 and lines[number - 2].rstrip().endswith(')'):
            start = number
        elif line == '}' and start:
            yield start, number - start - 1
            start = None


def check_file(path):
    lines = tree.read(path).splitlines()
    most = MAX_TEST_LINES if path.parts[0] == 'tests' else MAX_FILE_LINES
    if len(lines) > most and str(path) not in LONG_FILES:
        yield f'{path}: {len(lines)} lines, at most {most}'
    for start, length in bodies(lines):
        if length > MAX_BODY_LINES:
            yield f'{path}:{start}: a body of {length} lines, at most {MAX_BODY_LINES}'
    for number, line in enumerate(lines, 1):
        for pattern, what in NEVER.items():
            if pattern.search(line):
                yield f'{path}:{number}: {what}'


def findings():
    for path in tree.files('*.[ch]'):
        yield from check_file(path)
    for path in LONG_FILES:
        if not (tree.ROOT / path).exists():
            yield f'{path}: is gone; take it from the list of long files'


tree.report(findings())

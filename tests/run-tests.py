#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run `meson test` in a build folder and end with one line: N passed, N failed, N skipped.

usage: run-tests.py BUILD [OPTION OF MESON TEST]...

The figures count single test cases: the TAP lines of every program. A program that fails without
saying which of its cases did (a crash, a timeout) counts as one failed case.
"""
import collections
import itertools
import json
import pathlib
import re
import subprocess
import sys

CASE = re.compile(r'^\s*(not )?ok\b(?:\s+\d+)?[^#]*(?:#\s*(SKIP|TODO))?', re.IGNORECASE)
GOOD = {'OK', 'EXPECTEDFAIL'}


def case_outcome(match):
    negated, directive = match.group(1), (match.group(2) or '').upper()
    if directive == 'SKIP':
        return 'skipped'
    return 'failed' if negated and directive != 'TODO' else 'passed'


def count_program(record):
    """The cases of one program, from its line of testlog.json."""
    cases = map(CASE.match, record.get('stdout', '').splitlines())
    counts = collections.Counter(case_outcome(match) for match in cases if match)
    result = record['result']
    if result == 'SKIP' and not counts['skipped']:
        counts['skipped'] += 1
    elif result in GOOD and not counts:
        counts['passed'] += 1
    elif result not in GOOD | {'SKIP'} and not counts['failed']:
        counts['failed'] += 1
    return counts


def tell_failures(record):
    """The cases that failed and what was said about them, which `meson test` keeps to its log."""
    lines = record.get('stdout', '').splitlines()
    for number, line in enumerate(lines):
        match = CASE.match(line)
        if match and case_outcome(match) == 'failed':
            notes = itertools.takewhile(lambda note: note.lstrip().startswith('#'), lines[number + 1:])
            print(f"{record['name']}: {line.strip()}", *notes, sep='\n')


def main():
    build, *options = sys.argv[1:]
    log = pathlib.Path(build, 'meson-logs', 'testlog.json')
    log.unlink(missing_ok=True)
    command = ['meson', 'test', '-C', build, '--no-rebuild', '--print-errorlogs', *options]
    status = subprocess.run(command, check=False).returncode

    total = collections.Counter()
    if log.exists():
        for line in log.read_text(errors='replace').splitlines():
            record = json.loads(line)
            total += count_program(record)
            tell_failures(record)
    if status != 0 and not total['failed']:
        total['failed'] = 1
    print(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)
    return 1 if total['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())

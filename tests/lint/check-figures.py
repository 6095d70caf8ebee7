#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the last line of `make test` tells the truth: what run-tests.py counts for each kind of ending."""
import runpy

import tree

count_program = runpy.run_path(str(tree.ROOT / 'tests/run-tests.py'))['count_program']
# What meson says, what the program printed; passed, failed, skipped.
ENDINGS = [
    ('OK', 'TAP version 13\n1..2\nok 1 /a\nok 2 /b # a comment\n', (2, 0, 0)),
    ('OK', 'ok 1 /a\nok 2 /b # SKIP no server\n', (1, 0, 1)),
    ('SKIP', '1..0 # SKIP no display\n', (0, 0, 1)),
    ('SKIP', 'ok 1 /a # SKIP no server\n', (0, 0, 1)),
    ('FAIL', 'ok 1 /a\nnot ok 2 /b\nok 3 /c\n', (2, 1, 0)),
    ('FAIL', '    ok 1 - nested\n    not ok 2 - nested too\n', (1, 1, 0)),
    ('ERROR', 'ok 1 /a\n# then it crashed\n', (1, 1, 0)),
    ('TIMEOUT', '', (0, 1, 0)),
    ('INTERRUPT', 'ok 1 /a\n', (1, 1, 0)),
    ('OK', 'no TAP at all, but a good end; broken ok 7\n', (1, 0, 0)),
    ('FAIL', 'no TAP at all\n', (0, 1, 0)),
    ('EXPECTEDFAIL', '', (1, 0, 0)),
]


def findings():
    for result, stdout, expected in ENDINGS:
        counts = count_program({'result': result, 'stdout': stdout})
        figures = tuple(counts[name] for name in ('passed', 'failed', 'skipped'))
        if figures != expected:
            yield f'{result} with {stdout!r}: counted {figures}, not {expected}'
    if 'failed' not in count_program({'result': 'ERROR'}):
        yield 'a program without any output does not count'


tree.report(findings())

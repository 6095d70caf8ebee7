#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that wait for a person, answered from another terminal, while their process is there and after it was killed."""
from cli_support import TIMEOUT, node, run_cases, start_node, wait_until, workflow


def approving(**params):
    ask = node('ask', 'approval', message='To **{{ $start.message }}**.', **params)
    ask['params']['title'] = 'Send it?'
    return workflow([start_node(), ask, node('yes', 'output'), node('no', 'output')], 'start ask, ask.approved yes, ask.refused no', 'Approving')


def open_questions(library):
    return library.heddle('approvals', '--json').json()


def wait_for_question(library):
    wait_until(lambda: open_questions(library))
    return open_questions(library)[0]


class Waiting:
    """A run that waits, without a terminal."""

    def __init__(self, library, **params):
        self.library = library
        self.path = library.file('approving.json', approving(**params))
        self.process = library.start('run', self.path, '-i', 'message=Ada')

    def __enter__(self):
        self.process.__enter__()
        self.question = wait_for_question(self.library)
        return self

    def __exit__(self, *details):
        if self.process.poll() is None:
            self.process.kill()
        return self.process.__exit__(*details)

    def answer(self, *arguments):
        return self.library.heddle('answer', self.question['run'], *arguments)

    def end(self):
        out, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, out.decode(), err.decode()


def listed(library):
    assert 'No run waits' in library.heddle('approvals').err
    with Waiting(library) as run:
        assert run.question['state'] == 'running' and run.question['name'] == 'Approving', run.question
        assert run.question['question']['kind'] == 'approval-step', run.question
        line = library.heddle('approvals').out
        assert run.question['run'] in line and 'Send it?' in line, line
        shown = run.answer()
        assert shown.status == 2 and 'Send it?' in shown.err and 'Ada' in shown.err, shown


def answered_from_another_terminal(library):
    for arguments, told in [(['--approve'], '"message": "Ada"'), (['--approve', '--value', '"Eve"'], 'Eve'), (['--refuse', '--reason', 'Too long.'], 'Too long.')]:
        with Waiting(library) as run:
            result = run.answer(*arguments)
            assert result.status == 0, result
            status, out, err = run.end()
            assert status == 0 and told in out and 'heddle answer' in err, (out, err)
        assert open_questions(library) == []


def wrong_answers(library):
    with Waiting(library, editable=False, fields=[{'name': 'amount', 'type': 'number', 'required': True}]) as run:
        for arguments in (['--approve', '--refuse'], ['--retry'], ['--approve', '--value', '1'], ['--approve', '--value', '{'], ['--approve', '--field', 'x'],
                          ['nothing', '--approve']):
            result = run.answer(*arguments)
            assert result.status == 2, (arguments, result)
        missing = run.answer('--approve')
        assert missing.status == 1 and 'amount' in missing.err, missing
        assert run.answer('ask', '--approve', '--field', 'amount=12').status == 0
        assert run.end()[0] == 0
    assert library.heddle('answer', 'none', '--approve').status == 2


run_cases([
    listed,
    answered_from_another_terminal,
    wrong_answers,
])

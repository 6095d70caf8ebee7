#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that wait for a person, answered from another terminal, while their process is there and after it was killed."""
import contextlib
import threading

from cli_support import TIMEOUT, node, run_cases, server, start_node, wait_until, workflow


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


def state_of(library, run):
    return next(each['state'] for each in library.heddle('traces', '--json').json() if each['id'] == run)


def answered_after_a_kill(library):
    for arguments, told in [(['--approve'], '"message": "Ada"'), (['--refuse', '--reason', 'No.'], 'No.')]:
        with Waiting(library) as run:
            run.process.kill()
            run.process.wait(TIMEOUT)
            assert open_questions(library)[0]['state'] == 'interrupted', open_questions(library)
            result = run.answer(*arguments)
            assert result.status == 0 and told in result.out, result
            assert state_of(library, run.question['run']) == 'ok' and open_questions(library) == []


def posting(url, **policy):
    post = node('post', 'http', method='POST', url=url)
    post['policy'] = policy
    nodes = [start_node(), post, node('end', 'output', value='{{ $post?.output }}')]
    return workflow(nodes, 'start post, post end', 'Posting')


@contextlib.contextmanager
def killed_while_posting(library, **policy):
    """A run whose process was killed after its request had reached the server; yields its id and the keys of all requests."""
    bodies, hold = [], threading.Event()

    def answer(request):
        bodies.append(request.path)
        if len(bodies) == 1:
            hold.wait(TIMEOUT)
        request.reply(b'"sent"', 'application/json')

    with server(answer) as url:
        path = library.file('posting.json', posting(f'{url}/send', **policy))
        with library.start('run', path, '-i', 'message=Ada') as process:
            wait_until(lambda: bodies)
            process.kill()
            process.wait(TIMEOUT)
        hold.set()
        yield library.heddle('traces', '--json').json()[0]['id'], bodies


def never_twice_by_itself(library):
    for arguments, out, n_requests in [(['--retry'], 'sent', 2), (['--done', '"by hand"'], 'by hand', 1), (['--skip'], '', 1), (['--fail'], '', 1)]:
        with killed_while_posting(library) as (run, bodies):
            assert 'may have been done' in library.heddle('approvals').out
            assert state_of(library, run) == 'interrupted'
            result = library.heddle('answer', run, *arguments)
            assert (result.status == 1) == (arguments[0] == '--fail') and out in result.out, (arguments, result)
            assert len(bodies) == n_requests, (arguments, bodies)


def in_doubt_for_as_long_as_nobody_says_more(library):
    with killed_while_posting(library) as (run, bodies):
        for _ in range(2):
            result = library.heddle('resume', run, '--approve', 'none')
            assert result.status == 1 and 'may have been done' in result.err, result
            assert state_of(library, run) == 'interrupted' and len(bodies) == 1
        # Killed while it asks.
        with library.start('resume', run) as process:
            question = wait_for_question(library)
            assert question['question']['kind'] == 'in-doubt', question
            process.kill()
            process.wait(TIMEOUT)
        result = library.heddle('answer', run, '--retry')
        assert result.status == 0 and len(bodies) == 2, (result, bodies)


def said_beforehand(library):
    for action, n_requests, status in [('retry', 2, 0), ('skip', 1, 0), ('fail', 1, 1)]:
        with killed_while_posting(library, on_in_doubt=action) as (run, bodies):
            # Whatever is said now comes too late: the node does not ask.
            result = library.heddle('answer', run, '--done', '1')
            assert result.status == status and len(bodies) == n_requests, (action, result, bodies)


run_cases([
    listed,
    answered_from_another_terminal,
    wrong_answers,
    answered_after_a_kill,
    never_twice_by_itself,
    in_doubt_for_as_long_as_nobody_says_more,
    said_beforehand,
])

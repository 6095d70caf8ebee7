#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference walk-through from outside: the support triage, set active, called over HTTP, with memory and a credential."""
import contextlib
import json
import threading
import urllib.parse

from cli_support import SOURCE_ROOT, run_cases, server, wait_until
from serve_support import Serving

EXAMPLE = SOURCE_ROOT / 'data/examples/support-triage.heddle.json'
SECRET = 'k3y-of/the+billing api'
FIRST = 'Hello, my name is Ada and I was charged twice'
SECOND = 'Was I, Ada, charged again?'
TECHNICAL = 'The app crashes on start'
# No keyring: credentials go to the encrypted file.
NO_BUS = {'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}


class Accounts:
    """A billing system that wants to know who asks."""

    def __init__(self):
        self.requests = []
        self.lock = threading.Lock()

    def answer(self, request):
        with self.lock:
            self.requests.append((request.path, request.headers.get_all('Authorization') or [], request.headers['Host'], str(request.headers)))
        if request.headers['Authorization'] != 'Bearer ' + SECRET:
            request.reply(b'{"error":"who are you?"}', 'application/json', 401)
        else:
            request.reply(b'{"account":"A-1042","charges":2}', 'application/json')


@contextlib.contextmanager
def active_triage(library):
    """Yields the server, the accounts and the address of these."""
    library.env.update(NO_BUS, HEDDLE_DEMO_DELAY_MS='0')
    accounts = Accounts()
    with server(accounts.answer) as url:
        content = json.loads(EXAMPLE.read_text())
        account = next(item for item in content['nodes'] if item['id'] == 'account')
        account['params']['url'] = url + '/accounts?message={{ $start.message }}'
        for arguments, stdin in ((('import', library.file('triage.json', content)), b''),
                                 (('credentials', 'set', 'billing-api'), SECRET.encode() + b'\n'),
                                 (('activate', 'Support triage'), b'')):
            result = library.heddle(*arguments, stdin=stdin)
            assert result.status == 0, result
        serving = Serving(library)
        try:
            yield serving, accounts, url
        finally:
            assert serving.stop() == ''


def call(serving, message):
    answer = serving.run('support-triage', message)
    assert answer.status == 200, answer
    result = answer.json()
    assert result['state'] == 'ok' and isinstance(result['output'], str) and result['output'], result
    return result


def load_events(library, run):
    """The record follows the answer by a moment."""
    events = []

    def ended():
        events[:] = library.heddle('traces', run, '--json').json()['events']
        return events and events[-1]['event'] == 'run.finished'

    wait_until(ended)
    return events


def spans_of(events, node, kind):
    """(data at the start, data at the end) of each."""
    ends = {event['span']: event['data'] for event in events if event['event'] == 'span.finished'}
    return [(event, ends[event['span']]) for event in events
            if event['event'] == 'span.started' and event['node'] == node and event['data']['kind'] == kind]


def result_of(events, node):
    return next(event['data']['result'] for event in events if event['event'] == 'node.finished' and event['node'] == node)


def system_of(events, node):
    (start, _), = spans_of(events, node, 'model')
    return start['data']['messages'][0]['content']


def was_skipped(events, node):
    return any(event['event'] == 'node.skipped' and event['node'] == node for event in events)


def check_figures(events, *nodes):
    """Latency, tokens and cost of each step that asked a model."""
    for node in nodes:
        (start, end), = spans_of(events, node, 'model')
        assert end['usage']['input_tokens'] > 0 and end['usage']['output_tokens'] > 0 and end['usage']['cost'] == 0, end
        assert 0 <= end['first_token_us'], end
        result = result_of(events, node)
        assert result['usage']['total_tokens'] == end['usage']['total_tokens'] and result['cost'] == 0, result
        times = {event['event']: event['time_us'] for event in events if event.get('node') == node}
        assert times['node.started'] <= start['time_us'] <= times['node.finished'], times
    whole = events[-1]['data']['usage']
    assert whole['total_tokens'] == sum(result_of(events, node)['usage']['total_tokens'] for node in nodes), whole


def facts(library):
    result = library.heddle('memory', 'show', 'Support triage/billing')
    return result.out if result.status == 0 else ''


def the_walk_through(library):
    with active_triage(library) as (serving, accounts, url):
        host = urllib.parse.urlsplit(url).netloc
        first = call(serving, FIRST)
        # The credential went out once, to the host it was meant for, and the message came whole.
        (path, authorization, asked, _), = accounts.requests
        assert (authorization, asked) == (['Bearer ' + SECRET], host), accounts.requests
        assert path == '/accounts?message=' + urllib.parse.quote(FIRST, safe=''), path

        events = load_events(library, first['id'])
        assert events[0]['data']['trigger']['kind'] == 'endpoint', events[0]
        assert result_of(events, 'routerNode')['output'] == 'billing'
        assert result_of(events, 'check')['condition'] is True
        assert was_skipped(events, 'technical') and not was_skipped(events, 'billing')
        (start, end), = spans_of(events, 'account', 'http')
        assert start['text'].startswith(f'GET http://{host}/accounts') and end['status'] == 200, (start, end)
        assert result_of(events, 'account')['output'] == {'account': 'A-1042', 'charges': 2}
        (start, _), = spans_of(events, 'billing', 'model')
        assert 'A-1042' in json.dumps(start['data']['messages']), start
        assert 'Ada' not in system_of(events, 'billing')
        check_figures(events, 'routerNode', 'billing')

        wait_until(lambda: 'Ada' in facts(library))
        second = call(serving, SECOND)
        events = load_events(library, second['id'])
        system = system_of(events, 'billing')
        assert 'Remembered' in system and '"Ada"' in system, system
        check_figures(events, 'routerNode', 'billing')
        assert len(accounts.requests) == 2, accounts.requests

        third = call(serving, TECHNICAL)
        events = load_events(library, third['id'])
        assert result_of(events, 'routerNode')['output'] == 'technical'
        assert was_skipped(events, 'billing') and was_skipped(events, 'account')
        (_, end), = spans_of(events, 'manuals', 'retrieval')
        assert 0 < len(end['results']) <= 3, end
        assert end['results'][0]['text'][:40] in json.dumps(spans_of(events, 'technical', 'model')[0][0]['data']['messages'], ensure_ascii=False).replace('\\n', '\n')
        check_figures(events, 'routerNode', 'technical')
        # Who asks about something else causes no request to the billing system.
        assert len(accounts.requests) == 2, accounts.requests
        told = library.heddle('traces', third['id']).err + library.heddle('traces', third['id']).out
        for words in ('Router', 'Manuals', 'Technical', 'tokens', '$0', 'Skipped, because'):
            assert words in told, told
        assert all(SECRET not in json.dumps(load_events(library, run['id'])) for run in (first, second, third))


def refused_and_ended(library):
    with active_triage(library) as (serving, accounts, _):
        for token in (None, 'wrong-token-of-enough-letters'):
            answer = serving.run('support-triage', FIRST, token=token)
            assert (answer.status, answer.code()) == (401, 'unauthorized') and answer.json()['error']['message'], answer
        assert accounts.requests == []
        assert library.heddle('deactivate', 'Support triage').status == 0
        wait_until(lambda: serving.run('support-triage', TECHNICAL).status != 200)
        answer = serving.run('support-triage', TECHNICAL)
        assert answer.status in (404, 409) and answer.json()['error']['message'], answer
        print('#', answer.json()['error'])
        assert library.heddle('activate', 'Support triage').status == 0
        wait_until(lambda: serving.run('support-triage', TECHNICAL).status == 200)


def wrong_credential(library):
    """The billing system refuses; the customer is answered all the same, and the trace says why."""
    with active_triage(library) as (serving, accounts, _):
        library.heddle('credentials', 'set', 'billing-api', stdin=b'another-value\n')
        serving.stop()
        again = Serving(library)
        run = call(again, FIRST)['id']
        events = load_events(library, run)
        failed = next(event for event in events if event['event'] == 'node.failed')
        assert failed['node'] == 'account' and failed['data']['error']['class'] == 'auth', failed
        assert 'another-value' not in json.dumps(events)
        assert [item[1] for item in accounts.requests] == [['Bearer another-value']], accounts.requests
        assert again.stop() == ''


run_cases([the_walk_through, refused_and_ended, wrong_credential])

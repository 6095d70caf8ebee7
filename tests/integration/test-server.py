#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""heddle serve from outside: what clients may do, what hostile ones try, and what outlives a process."""
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import time

from cli_support import SOURCE_ROOT, TIMEOUT, asking_agent, greeting, node, start_node, wait_until, workflow, run_cases
from serve_support import TOKEN, Serving, follow, read_all, serving

SECRET = 'canary-55e1b0c2-signature'
SLOW = 2000


def waiting(milliseconds=SLOW):
    return workflow([start_node(), node('pause', 'wait', seconds=milliseconds / 1000), node('end', 'output')], 'start pause, pause end', 'Waiting')


def hook(auth, name='Hook', **params):
    return workflow([node('hook', 'webhook', path=name.lower(), auth=auth, **params), node('end', 'output')], 'hook end', name)


def a_run(library):
    with serving(library) as server:
        answer = server.run(message='you')
        assert answer.status == 200, answer
        result = answer.json()
        assert (result['state'], result['output']) == ('ok', 'Hello you'), result
        assert server.request('GET', '/v1/runs/' + result['id']).json() == result
        for name in ('greeting', 'Greeting', 'test-greeting', '%47reeting'):
            assert server.run(name).status == 200, name
        listed = server.request('GET', '/v1/workflows').json()['workflows']
        assert [item['slug'] for item in listed] == ['greeting'], listed
        assert 'message' in listed[0]['input']['properties']
        paths = server.request('GET', '/v1/openapi.json').json()['paths']
        assert '/v1/workflows/greeting/run' in paths, paths
        assert server.request('GET', '/healthz', token=None).status == 200
    runs = library.heddle('traces', '--json').json()
    assert len(runs) == 5 and all(run['state'] == 'ok' for run in runs), runs


def wrong_tokens(library):
    with serving(library) as server:
        for token in (None, 'x', TOKEN[:-1], TOKEN + 'x', TOKEN.upper()):
            answer = server.run(token=token)
            assert (answer.status, answer.code()) == (401, 'unauthorized'), (token, answer)
        assert server.run(token=None, Authorization='Basic ' + TOKEN).status == 401
        assert server.request('GET', '/v1/workflows', token=None).status == 401
        assert server.request('GET', '/v1/runs/x', token=None).status == 401
        assert server.run(token=None, Authorization='bearer  ' + TOKEN).status == 200
        # Who guesses is slowed down; who knows is not.
        found = [server.run(token='guess').status for _ in range(60)]
        assert 429 in found, found
        assert server.run().status == 200
    assert library.heddle('traces', '--json').json().__len__() == 2


def foreign_names(library):
    with serving(library) as server:
        for host in ('evil.example', 'evil.example:8611', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example', '[::2]', 'localhost:x', ''):
            answer = server.run(Host=host)
            assert answer.status in (400, 403), (host, answer)
        for host in ('localhost', 'LOCALHOST:1', '[::1]:8611', '127.0.0.1'):
            assert server.run(Host=host).status == 200, host
        for origin in ('https://evil.example', 'null', 'http://localhost:1', 'http://evil.example:8611', 'file://'):
            answer = server.run(Origin=origin)
            assert (answer.status, answer.code()) == (403, 'forbidden_origin'), (origin, answer)
            assert 'Access-Control-Allow-Origin' not in answer.headers
        assert server.run(Origin=f'http://127.0.0.1:{server.port()}').status == 200


def bad_requests(library):
    with serving(library) as server:
        path = '/v1/workflows/greeting/run'
        strict = greeting()
        strict['nodes'][0]['params']['fields'] = [{'name': 'message', 'type': 'text', 'required': True}, {'name': 'n', 'type': 'number'}]
        library.heddle('import', library.file('strict.json', {**strict, 'id': 'strict', 'name': 'Strict'}))
        library.heddle('activate', 'strict')
        for body in (b'{', b'nonsense', b'{"message": }', b'\xff\xfe', b'{"message": "\xc3\x28"}', b'[' * 100000, b'{}x'):
            answer = server.request('POST', path, body)
            assert (answer.status, answer.code()) == (400, 'invalid_json'), (body[:20], answer)
        answer = server.request('POST', '/v1/workflows/strict/run', {})
        assert (answer.status, answer.json()['error']['pointer']) == (422, '/message'), answer
        answer = server.request('POST', '/v1/workflows/strict/run', {'message': 'x', 'n': 'many'})
        assert (answer.status, answer.json()['error']['pointer']) == (422, '/n'), answer
        assert server.request('POST', path, b'<a/>', Content_Type='application/xml').status == 415
        assert server.request('GET', path).status == 405
        for name in ('/', '/v1', '/v1/workflows/none/run', '/v1/runs/none', '/hooks/none', '/v1/workflows/greeting', '/v2/x', '/v1/runs/a/b/c',
                     '/v1/workflows/greeting%2frun'):
            method = 'POST' if name.endswith('run') else 'GET'
            answer = server.request(method, name)
            assert (answer.status, answer.code()) == (404, 'not_found'), (name, answer)
        for name in ('/v1/workflows/%00/run', '/v1/workflows/%ff%fe/run', '/v1/workflows/%zz/run', '/%', '/v1/%c3%28'):
            answer = server.request('POST', name, {})
            assert answer.status in (400, 404), (name, answer)
        for data in (b'\r\n\r\n', b'nonsense\r\n\r\n', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'POST / HTTP/1.1\r\n\r\n', b'\x16\x03\x01\x02\x00'):
            with contextlib.suppress(TimeoutError):
                assert b' 200 ' not in server.raw(data, 1), data
        assert server.run().status == 200


def large_bodies(library):
    with serving(library) as server:
        size = 100 * 1024 * 1024
        head = f'POST /v1/workflows/greeting/run HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n'.encode()
        for more in (f'Content-Length: {size}\r\n\r\n'.encode(), b'Transfer-Encoding: chunked\r\n\r\n'):
            with socket.create_connection(('127.0.0.1', server.port()), timeout=TIMEOUT) as stream:
                stream.sendall(head + more)
                piece = b'x' * 65536 if b'Length' in more else b'10000\r\n' + b'x' * 65536 + b'\r\n'
                sent = 0
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    while sent < size:
                        sent += stream.send(piece)
                        stream.settimeout(TIMEOUT)
                answer = read_all(stream)
            assert answer.startswith(b'HTTP/1.1 413 ') and b'"too_large"' in answer, (sent, answer[:200])
        with open(f'/proc/{server.process.pid}/status', encoding='ascii') as status:
            peak = int(re.search(r'VmHWM:\s+(\d+)', status.read())[1])
        # Of the hundred megabytes no more than the limit was ever held.
        assert peak < 90 * 1024 or re.search('-[at]san', os.environ.get('HEDDLE_TEST_BINDIR', '')), peak
        assert server.run(message='x' * 1000000).status == 200


def slow_and_flooding(library):
    with serving(library) as server:
        head = f'POST /v1/workflows/greeting/run HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 50\r\n\r\n'.encode()
        # A head that never ends, a body that never comes, and nothing at all: each is cut off, and hinders nobody.
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(socket.create_connection(('127.0.0.1', server.port()), timeout=TIMEOUT)) for _ in range(3)]
            streams[0].sendall(b'GET / HTTP/1.1\r\nHost: lo')
            streams[1].sendall(head + b'{"mess')
            assert server.run().status == 200
            answers = [read_all(stream) for stream in streams]
        assert answers[1].startswith(b'HTTP/1.1 408 ') and b'"timeout"' in answers[1], answers
        assert b' 200 ' not in answers[0] + answers[2], answers
        flood = b'GET / HTTP/1.1\r\nHost: localhost\r\n' + b''.join(b'X-%d: %s\r\n' % (n, b'y' * 100) for n in range(20000))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            assert b' 200 ' not in server.raw(flood)
        assert server.run().status == 200


def a_thousand_at_once(library):
    with serving(library, waiting(50)) as server:
        def ask(number):
            answer = server.run('waiting', str(number))
            return answer.status, answer.headers.get('Retry-After'), answer.json().get('output')

        with concurrent.futures.ThreadPoolExecutor(1000) as pool:
            answers = list(pool.map(ask, range(1000)))
        found = {status for status, _, _ in answers}
        assert found <= {200, 429, 503}, found
        assert all(later for status, later, _ in answers if status != 200), 'Retry-After'
        assert sum(status == 200 for status, _, _ in answers) >= 300, len([a for a in answers if a[0] == 200])
        print('#', {status: sum(one[0] == status for one in answers) for status in found})
        assert server.run('waiting').status == 200


def later_and_events(library):
    with serving(library, waiting(300)) as server:
        answer = server.run('waiting', Prefer='respond-async, wait=10')
        run = answer.json()['id']
        assert (answer.status, answer.headers['Location']) == (202, '/v1/runs/' + run), answer
        assert server.request('GET', '/v1/runs/' + run).json()['state'] == 'running'
        events = follow(server, run)
        assert [int(event['id']) for event in events] == list(range(1, len(events) + 1)), events
        assert (events[0]['event'], events[-1]['event']) == ('run.started', 'run.finished'), events
        assert json.loads(events[0]['data'])['data']['trigger']['kind'] == 'endpoint'
        assert follow(server, run, 3) == events[3:]
        assert server.request('GET', '/v1/runs/' + run).json()['state'] == 'ok'
        assert server.request('GET', '/v1/runs/' + run[:20]).status == 404
        server.stop()
        # Another process knows it from the database.
        again = Serving(library)
        assert again.request('GET', '/v1/runs/' + run).json()['state'] == 'ok'
        assert [event['id'] for event in follow(again, run)][-1] == events[-1]['id']
        again.stop()


def stopped(library):
    with serving(library, waiting(60000)) as server:
        for method, suffix in (('POST', '/cancel'), ('DELETE', '')):
            run = server.run('waiting', Prefer='respond-async').json()['id']
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                events = pool.submit(follow, server, run)
                assert server.request(method, f'/v1/runs/{run}{suffix}').status == 202
                assert json.loads(events.result(TIMEOUT)[-1]['data'])['data']['state'] == 'cancelled'
            assert server.request('GET', '/v1/runs/' + run).json()['state'] == 'cancelled'
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(server.run, 'waiting', Idempotency_Key='k')
            wait_until(lambda: any(run['state'] == 'running' for run in library.heddle('traces', '--json').json()))
            run = server.run('waiting', Idempotency_Key='k', Prefer='respond-async').json()['id']
            server.request('DELETE', '/v1/runs/' + run)
            assert (answer.result(TIMEOUT).status, answer.result().code()) == (409, 'cancelled'), answer.result()


def hung_up(library):
    """Who waits for the answer stops the run by leaving, unless a key brings them back; who does not wait leaves it alone."""
    with serving(library, waiting(60000)) as server:
        def states():
            return [run['state'] for run in library.heddle('traces', '--json').json()]

        head = f'POST /v1/workflows/waiting/run HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 0\r\n'.encode()
        for extra, after in ((b'Idempotency-Key: k\r\n', 'running'), (b'', 'cancelled')):
            with socket.create_connection(('127.0.0.1', server.port()), timeout=TIMEOUT) as stream:
                stream.sendall(head + extra + b'\r\n')
                wait_until(lambda: states()[:1] == ['running'] and (extra or len(states()) == 2))
            wait_until(lambda after=after: states()[0] == after)
        # The one before was let go of first, and is still there.
        assert states() == ['cancelled', 'running'], states()
        run = server.run('waiting', Idempotency_Key='k2', Prefer='respond-async').json()['id']
        assert server.request('GET', '/v1/runs/' + run).json()['state'] == 'running'


def answered(library):
    with serving(library, asking_agent()) as server:
        for answer, result in (({'answer': {'approve': True}}, 'Hello Ada'), ({'declined': True}, 'declined')):
            run = server.run('asking', 'Ada', Prefer='respond-async').json()['id']
            path = '/v1/runs/' + run
            wait_until(lambda path=path: 'questions' in server.request('GET', path).json())
            question, = server.request('GET', path).json()['questions']
            assert (question['kind'], question['tool']) == ('approval', 'greet'), question
            told = {'question': question['id'], **answer}
            for wrong, status, code in (({}, 422, 'invalid_answer'), ([], 422, 'invalid_answer'), ({'question': question['id']}, 422, 'invalid_answer'),
                                        ({**told, 'answer': 1, 'declined': True}, 422, 'invalid_answer'),
                                        ({'question': question['id'], 'answer': {'approve': 'perhaps'}}, 422, 'invalid_answer'),
                                        ({**told, 'question': 'another'}, 409, 'not_asked'), (b'{', 400, 'invalid_json')):
                refused = server.request('POST', path + '/answer', wrong)
                assert (refused.status, refused.code()) == (status, code), (wrong, refused)
            assert server.request('POST', path + '/answer', told, token=None).status == 401
            assert server.request('GET', path + '/answer').status == 405
            assert server.request('POST', path + '/answer', told).status == 202
            wait_until(lambda path=path: server.request('GET', path).json()['state'] == 'ok')
            assert 'questions' not in server.request('GET', path).json()
            again = server.request('POST', path + '/answer', told)
            assert (again.status, again.code()) == (409, 'not_asked'), again
            calls = [event['data']['result']['tool_calls'] for event in library.heddle('traces', run, '--json').json()['events']
                     if event['event'] == 'node.finished' and event['node'] == 'agent']
            assert result in json.dumps(calls[0][0]['result']), calls
        assert server.request('POST', '/v1/runs/none/answer', {}).status == 404
        assert '/v1/runs/{id}/answer' in server.request('GET', '/v1/openapi.json').json()['paths']


def nobody_approves(library):
    with serving(library, asking_agent()) as server:
        answer = server.run('asking', 'Ada')
        assert (answer.status, answer.json()['state']) == (200, 'ok'), answer
    run = library.heddle('traces', '--json').json()[0]
    events = library.heddle('traces', run['id'], '--json').json()['events']
    calls = [event['data']['result']['tool_calls'] for event in events if event['event'] == 'node.finished' and event['node'] == 'agent']
    assert 'Nobody is there to answer' in calls[0][0]['result'], calls


def not_twice(library):
    with serving(library) as server:
        first = server.run(message='a', Idempotency_Key='one').json()
        assert server.run(message='a', Idempotency_Key='one').json()['id'] == first['id']
        answer = server.run(message='b', Idempotency_Key='one')
        assert (answer.status, answer.code()) == (422, 'idempotency_key_reused'), answer
        assert server.run(message='b', Idempotency_Key='two').json()['id'] != first['id']
        server.stop(signal.SIGKILL)
        again = Serving(library)
        assert again.run(message='a', Idempotency_Key='one').json()['id'] == first['id']
        again.stop()
    # The newest may be lost with a process that is killed; what was answered under a key never runs again.
    runs = [run['id'] for run in library.heddle('traces', '--json').json()]
    assert runs.count(first['id']) == 1 and len(runs) <= 2, runs


def sign(body, timestamp=None, key=SECRET):
    text = f'{timestamp}.'.encode() + body if timestamp is not None else body
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()


def webhooks(library):
    library.env['HEDDLE_CREDENTIAL_HOOK'] = SECRET
    signed = {'credential': 'hook', 'signature_header': 'X-Signature'}
    with serving(library, hook('none', 'Open', method='any'), hook('token', 'Guarded'), hook('signature', 'Signed', **signed),
                 hook('signature', 'Timed', timestamp_header='X-Time', **signed), hook('none', 'Quick', response='at_once')) as server:
        answer = server.request('PUT', '/hooks/open?a=1&b=%C3%BC', {'n': 1}, token=None, Cookie='canary', X_Own='kept', Authorization='x')
        request = answer.json()
        assert (request['method'], request['query'], request['body']) == ('PUT', {'a': '1', 'b': 'ü'}, {'n': 1}), request
        assert request['headers']['x-own'] == 'kept' and 'cookie' not in request['headers'] and 'authorization' not in request['headers']
        form = server.request('POST', '/hooks/open', b'a=1&b=2', token=None, Content_Type='application/x-www-form-urlencoded').json()
        assert form['body'] == {'a': '1', 'b': '2'}, form
        assert server.request('POST', '/hooks/open', b'\xff\x00', token=None).json()['body'] == {'base64': '/wA='}
        assert server.request('GET', '/hooks/open', token=None).json()['body'] is None
        assert server.request('POST', '/hooks/guarded', {}, token=None).status == 401
        assert server.request('POST', '/hooks/guarded', {}).status == 200
        assert server.request('GET', '/hooks/guarded').status == 405
        assert server.request('POST', '/hooks/quick', {}, token=None).status == 202
        body = b'{"order": 17}'
        for signature, status in ((sign(body), 200), ('sha256=' + sign(body).upper(), 200), (sign(body, key='other'), 401), (sign(b'x'), 401),
                                  ('', 401), ('sha256=', 401), (sign(body)[:-1], 401)):
            answer = server.request('POST', '/hooks/signed', body, token=None, X_Signature=signature)
            assert answer.status == status, (signature, answer)
        assert server.request('POST', '/hooks/signed', body, token=TOKEN).status == 401
        now = int(time.time())
        for timestamp, status in ((now, 200), (now, 409), (now - 1, 200), (now - 4000, 401), (now + 4000, 401), ('', 401), ('9' * 40, 401), ('-1', 401)):
            answer = server.request('POST', '/hooks/timed', body, token=None, X_Time=str(timestamp), X_Signature=sign(body, timestamp))
            assert answer.status == status, (timestamp, answer)
        result = library.heddle('activate', 'test-open')
        assert result.status == 0, result
        library.heddle('import', library.file('same.json', {**hook('none', 'Open'), 'id': 'same', 'name': 'Same'}))
        result = library.heddle('activate', 'same')
        assert result.status == 2 and '/hooks/open' in result.err, result


def activation(library):
    with serving(library) as server:
        library.heddle('deactivate', 'Greeting')
        wait_until(lambda: server.run().status == 404)
        library.heddle('activate', 'Greeting')
        assert server.run().status == 200
        # What is saved is served, within a second, and what has errors is not.
        changed = greeting()
        changed['nodes'][1]['params']['text'] = 'Bye {{ $start.message }}'
        library.heddle('import', library.file('changed.json', changed))
        wait_until(lambda: server.run().json()['output'] == 'Bye x')
        changed['nodes'][1]['params']['text'] = 'Broken {{ $start.message'
        assert library.heddle('import', library.file('changed.json', changed)).status in (0, 2)
        wait_until(lambda: server.run().json()['output'] == 'Bye x')
        result = library.heddle('activate', 'nothing')
        assert result.status == 2, result
        # Only one serves a library; the other says who does.
        other = library.heddle('serve', '--port', '0')
        assert other.status == 1 and str(server.process.pid) in other.err and f':{server.port()}' in other.err, other
        taken = library.heddle('serve', '--port', str(server.port()), env={'HEDDLE_DATABASE': str(library.folder / 'other.db')})
        assert taken.status == 1 and 'Another Heddle' in taken.err, taken


def killed(library):
    with serving(library, greeting(), waiting(60000)) as server:
        run = server.run('waiting', Prefer='respond-async').json()['id']
        wait_until(lambda: any(item['id'] == run for item in library.heddle('traces', '--json').json()))
        server.stop(signal.SIGKILL)
        again = Serving(library)
        assert again.request('GET', '/v1/runs/' + run).json()['state'] == 'interrupted'
        assert again.run().json()['output'] == 'Hello x'
        again.stop()


def no_secret_stays(library):
    library.env['HEDDLE_CREDENTIAL_HOOK'] = SECRET
    with serving(library, greeting(), hook('signature', 'Signed', credential='hook', signature_header='X-Signature')) as server:
        server.run()
        server.run(token=TOKEN + 'x')
        body = json.dumps({'a': 1}).encode()
        signature = sign(body)
        assert server.request('POST', '/hooks/signed', body, X_Signature=signature).status == 200
        errors = server.stop()
        told = ''.join(server.lines) + errors
    kept = b''.join(path.read_bytes() for path in library.database.parent.iterdir())
    exported = library.heddle('export', 'Signed').out + library.heddle('traces', '--json').out
    for secret in (TOKEN, SECRET, signature):
        assert secret not in told and secret.encode() not in kept and secret not in exported, secret


def kept_token(library):
    """Without a file of the person's, one is made that only they can read."""
    library.heddle('import', library.file('greeting.json', greeting()))
    library.heddle('activate', 'Greeting')
    path = library.database.with_name('heddle.db-token')
    tokens = []
    for _ in range(2):
        with library.start('serve', '--port', '0') as process:
            wait_until(path.exists)
            wait_until(lambda: path.read_text().strip())
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            process.wait(TIMEOUT)
        tokens.append(path.read_text().strip())
        assert path.stat().st_mode & 0o777 == 0o600
    assert tokens[0] == tokens[1] and re.fullmatch('[0-9a-f]{64}', tokens[0]), tokens


def the_triage_example(library):
    path = SOURCE_ROOT / 'data/examples/support-triage.heddle.json'
    server = Serving(library, path)
    answer = server.run('support-triage', 'I was charged twice for my order')
    assert answer.status == 200 and answer.json()['output'], answer
    assert server.stop() == ''


run_cases([
    a_run,
    wrong_tokens,
    foreign_names,
    bad_requests,
    large_bodies,
    slow_and_flooding,
    a_thousand_at_once,
    later_and_events,
    stopped,
    hung_up,
    answered,
    nobody_approves,
    not_twice,
    webhooks,
    activation,
    killed,
    no_secret_stays,
    kept_token,
    the_triage_example,
])

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets entered wherever one can be, sent to servers that repeat them, and then looked for in all that is left behind."""
import base64
import contextlib
import html
import json
import os
import resource
import signal
import sqlite3
import sys
import threading
import urllib.parse

from cli_support import TIMEOUT, node, run_cases, server, start_node, wait_until, workflow
from serve_support import TOKEN, Serving, follow

# What no escape changes, so that a part of a secret is found in every spelling; what escapes differ in; and more of it.
CORE = 'zq7Kcanary41Vx'
SECRET = CORE + '/"+&=' + CORE
USER = 'ada'
PASSPHRASE = 'zq7Kcanary41Vx-passphrase'
KEYS = ('OPENAI_API_KEY', 'OPENROUTER_API_KEY', 'MISTRAL_API_KEY', 'DEEPSEEK_API_KEY', 'GROQ_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY')
KINDS = ('openai-compatible', 'openai-responses', 'anthropic', 'gemini', 'ollama')
ECHOES = ('text', 'json', 'escaped', 'url', 'html', 'error', 'redirect', 'reason', 'cookie')
DEBUG = {'G_MESSAGES_DEBUG': 'all', 'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}


def codes(text):
    """Base64 at each of its three places, without what depends on the neighbours."""
    for start in range(3):
        code = base64.b64encode(b'x' * start + text.encode()).decode().rstrip('=')
        yield code[4 * (start > 0):len(code) // 4 * 4 - 4].encode()


NEEDLES = [CORE.encode(), CORE.encode()[::-1], *codes(CORE), CORE.encode('utf-16-le'), CORE.encode().hex().encode()]


def check(what, data):
    data = data if isinstance(data, bytes) else data.encode(errors='replace')
    for needle in NEEDLES:
        place = data.find(needle)
        assert place < 0, f'{needle} is in {what}: {data[max(0, place - 300):place + 100]}'


def check_library(library):
    """Every file that was left, the bytes of the database and of crashes included."""
    count = 0
    for folder, _, names in os.walk(library.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    check(path, file.read())
                count += 1
    assert count > 2, count


class Echo:
    """Repeats what it was told in every place that an answer has."""

    def __init__(self):
        self.requests = []
        self.lock = threading.Lock()
        self.elsewhere = None
        self.gate = threading.Event()

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get('Content-Length') or 0)).decode(errors='replace')
        told = ''.join(f'{name}: {value}\n' for name, value in request.headers.items())
        with self.lock:
            self.requests.append((request.path, told))
        values = [value.partition(' ')[2] or value for name, value in request.headers.items()
                  if CORE in value or name == 'Authorization']
        reply = getattr(self, 'echo_' + urllib.parse.urlsplit(request.path).path.split('/')[1], self.echo_text)
        reply(request, told + request.path + body, values[0] if values else 'none')

    def echo_text(self, request, told, value):
        request.reply((told + base64.b64encode(value.encode()).decode()).encode())

    def echo_json(self, request, told, value):
        request.reply(json.dumps({'told': told, 'value': value, 'code': base64.urlsafe_b64encode(value.encode()).decode()}).encode(), 'application/json')

    def echo_escaped(self, request, told, value):
        """As encoders of other languages write it."""
        every = ''.join(f'\\u{ord(sign):04X}' if sign in '"+&=' else '\\/' if sign == '/' else sign for sign in value)
        request.reply(f'{{"a":"{every}","b":"{every.lower() if value.islower() else every}"}}'.encode(), 'application/json')

    def echo_url(self, request, told, value):
        spellings = [urllib.parse.quote(value, safe=safe) for safe in ('', '/', '/+&=')] + [urllib.parse.quote_plus(value)]
        spellings.append(''.join(f'%{ord(sign):02x}' if not sign.isalnum() else sign for sign in value))
        request.reply(' '.join(spellings).encode())

    def echo_html(self, request, told, value):
        request.reply(html.escape(told + value).encode(), 'text/html')

    def echo_error(self, request, told, value):
        request.reply(json.dumps({'error': {'message': f'wrong key {value}', 'code': value, 'type': told}}).encode(), 'application/json', 401)

    def echo_reason(self, request, told, value):
        request.send_response(500, 'No ' + value)
        request.send_header('X-Request-Id', value)
        request.send_header('Content-Length', '0')
        request.end_headers()

    def echo_cookie(self, request, told, value):
        request.send_response(200)
        request.send_header('Set-Cookie', 'seen=' + value)
        request.send_header('X-Echo', value)
        request.send_header('Content-Length', '2')
        request.end_headers()
        request.wfile.write(b'ok')

    def echo_redirect(self, request, told, value):
        request.send_response(302)
        request.send_header('Location', f'{self.elsewhere}/text?token={urllib.parse.quote(value)}&x=1')
        request.send_header('Content-Length', '0')
        request.end_headers()

    def echo_hang(self, request, told, value):
        """The first half of an answer, and then nothing."""
        request.send_response(200)
        request.send_header('Content-Type', 'text/event-stream')
        request.end_headers()
        text = json.dumps({'choices': [{'delta': {'content': f'your key is {value} and '}}]})
        request.wfile.write(f'data: {text}\n\n'.encode())
        request.wfile.flush()
        self.gate.wait(TIMEOUT)


class Canary(Echo):
    """The same for a provider: what it repeats is an answer, whole, streamed, or an error."""

    mode = 'stream'

    def answer(self, request):
        request.rfile.read(int(request.headers.get('Content-Length') or 0))
        told = ' '.join(request.headers.values()) + request.path
        with self.lock:
            self.requests.append((request.path, told))
        value = SECRET if SECRET in told or urllib.parse.quote(SECRET, safe='') in told else 'none'
        if self.mode == 'error':
            self.echo_error(request, told, value)
        elif self.mode == 'whole':
            text = f'your key is {value} after'
            request.reply(json.dumps({'choices': [{'message': {'content': text}}], 'content': [{'type': 'text', 'text': text}],
                                      'object': 'response', 'status': 'completed', 'type': 'message', 'role': 'assistant', 'stop_reason': 'end_turn',
                                      'output': [{'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': text}]}],
                                      'candidates': [{'content': {'parts': [{'text': text}]}}], 'message': {'content': text}, 'done': True}).encode(),
                          'application/json')
        else:
            self.stream(request, value)

    def stream(self, request, value):
        """The secret in pieces, as a model that writes it would send it, and then whole."""
        path = urllib.parse.urlsplit(request.path).path
        is_lines = path.endswith('/chat')
        request.send_response(200)
        request.send_header('Content-Type', 'application/x-ndjson' if is_lines else 'text/event-stream')
        request.send_header('Connection', 'close')
        request.end_headers()
        for event in frame(path, ('before ', value[:9], value[9:20], value[20:], ' after ' + value)):
            request.wfile.write((json.dumps(event) + '\n' if is_lines else f'data: {json.dumps(event)}\n\n').encode())


def frame(path, pieces):
    """The events of a stream in the words of the protocol that the path tells."""
    if path.endswith('/messages'):
        yield {'type': 'message_start', 'message': {'role': 'assistant', 'content': []}}
        yield {'type': 'content_block_start', 'index': 0, 'content_block': {'type': 'text', 'text': ''}}
        yield from ({'type': 'content_block_delta', 'index': 0, 'delta': {'type': 'text_delta', 'text': text}} for text in pieces)
        yield {'type': 'content_block_stop', 'index': 0}
        yield {'type': 'message_delta', 'delta': {'stop_reason': 'end_turn'}}
        yield {'type': 'message_stop'}
    elif path.endswith('/responses'):
        yield from ({'type': 'response.output_text.delta', 'item_id': 'i', 'output_index': 0, 'delta': text} for text in pieces)
        yield {'type': 'response.completed', 'response': {'status': 'completed', 'output': []}}
    elif path.endswith('/chat'):
        yield from ({'message': {'role': 'assistant', 'content': text}, 'done': False} for text in pieces)
        yield {'message': {'role': 'assistant', 'content': ''}, 'done': True, 'done_reason': 'stop'}
    elif path.endswith('Content'):
        yield from ({'candidates': [{'content': {'role': 'model', 'parts': [{'text': text}]}}]} for text in pieces)
        yield {'candidates': [{'finishReason': 'STOP'}]}
    else:
        yield from ({'choices': [{'delta': {'content': text}}]} for text in pieces)
        yield {'choices': [{'delta': {}, 'finish_reason': 'stop'}]}


def enter(library, name, value, *options):
    result = library.heddle('credentials', 'set', name, *options, stdin=value.encode() + b'\n')
    assert result.status == 0, result
    check('what entering tells', result.out + result.err)


def run_all(library, *contents):
    """Each by the command line, with all that can be told being told; gives what was told."""
    told = ''
    for content in contents:
        result = library.heddle('run', library.file('flow.json', content), '--input', '{"message":"x"}', '--output', 'events')
        told += result.out + result.err
        check(f'what the run of {content["name"]} tells', result.out + result.err)
    return told


def check_told(library):
    """What can be asked for afterwards."""
    for arguments in (['traces', '--json'], ['traces'], ['credentials'], ['list'], ['knowledge'], ['memory', 'list']):
        result = library.heddle(*arguments)
        check(' '.join(arguments), result.out + result.err)
    runs = library.heddle('traces', '--json').json()
    for arguments in (*(['traces', run['id'], '--json'] for run in runs), ['traces', runs[0]['id']]):
        result = library.heddle(*arguments)
        check(' '.join(arguments), result.out + result.err)
    check_library(library)


def set_setting(library, key, value):
    library.heddle('list')
    with contextlib.closing(sqlite3.connect(library.database)) as database, database:
        database.execute('INSERT OR REPLACE INTO settings VALUES (?, ?)', (key, json.dumps(value)))


def calls(url, credential, name='Calls'):
    """One request for each way to repeat; a failure of one stops none of the others."""
    nodes, wires = [start_node(), node('end', 'output')], []
    for echo in ECHOES:
        nodes.append({**node(echo, 'http', url=f'{url}/{echo}', credential=credential), 'policy': {'on_error': 'default', 'max_attempts': 1}})
        wires += [f'start {echo}', f'{echo} end']
    return workflow(nodes, ','.join(wires), name)


def http_by(library, **environment):
    library.env.update(DEBUG, **environment)
    echo, other = Echo(), Echo()
    with server(echo.answer) as url, server(other.answer) as elsewhere:
        echo.elsewhere = elsewhere
        for name, kind, value in (('bearer', 'bearer', SECRET), ('basic', 'basic', f'{USER}:{SECRET}'), ('header', 'header', SECRET)):
            if f'HEDDLE_CREDENTIAL_{name.upper()}' not in library.env:
                enter(library, name, value, '--kind', kind, *(['--header', 'X-Api-Key'] if kind == 'header' else []))
        told = run_all(library, *(calls(url, name, name) for name in ('bearer', 'basic', 'header')))
    # It was sent each time, or nothing would be proved, and did not follow to the other server.
    assert len(echo.requests) == 3 * len(ECHOES), len(echo.requests)
    sent = [SECRET in told or base64.b64encode(f'{USER}:{SECRET}'.encode()).decode() in told for _, told in echo.requests]
    assert all(sent), sent
    assert len(other.requests) == 3, other.requests
    for _, headers in other.requests:
        check('what the other server was sent', headers)
    assert 'wrong key' in told and 'x=1' in told, told
    check_told(library)


def in_an_encrypted_file(library):
    http_by(library)
    assert list(library.database.parent.glob('credentials*')), list(library.database.parent.iterdir())


def under_a_passphrase(library):
    http_by(library, HEDDLE_PASSPHRASE=PASSPHRASE)


def in_the_environment(library):
    # Kinds other than bearer need an entry; the value of the environment goes before that of the file.
    http_by(library, HEDDLE_CREDENTIAL_BEARER=SECRET)


def of_providers(library):
    library.env.update(DEBUG, **{name: SECRET for name in KEYS})
    provider = Canary()
    with server(provider.answer) as url:
        library.env['OPENAI_BASE_URL'] = url + '/v1'
        enter(library, 'model-key', SECRET)
        set_setting(library, 'providers', [{'id': f'mine-{kind}', 'kind': kind, 'title': kind, 'base_url': url, 'credential': 'model-key'} for kind in KINDS])
        for mode in ('stream', 'whole', 'error'):
            provider.mode = mode
            for reference in ('openai', *(f'mine-{kind}' for kind in KINDS)):
                before = len(provider.requests)
                ask = {**node('ask', 'llm', model=f'{reference}/m', prompt='{{ $start.message }}', stream=mode == 'stream'),
                       'policy': {'max_attempts': 1}}
                told = run_all(library, workflow([start_node(), ask, node('end', 'output')], 'start ask, ask end', f'{reference} {mode}'))
                assert len(provider.requests) == before + 1 and SECRET in provider.requests[-1][1], (reference, mode, provider.requests[before:])
                assert ('wrong key' if mode == 'error' else 'before ' if mode == 'stream' else 'after') in told, (reference, mode, told)
    check_told(library)


MCP_SERVER = '''
import json, os, sys
secret = os.environ['MCP_KEY']
print('starting with', secret, file=sys.stderr, flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if 'id' not in request:
        continue
    answer = {'jsonrpc': '2.0', 'id': request['id']}
    if request['method'] == 'initialize':
        answer['result'] = {'protocolVersion': request['params']['protocolVersion'], 'capabilities': {'tools': {}},
                            'serverInfo': {'name': secret, 'version': '1'}, 'instructions': secret}
    elif request['method'] == 'tools/list':
        answer['result'] = {'tools': [{'name': 'echo', 'description': 'Knows ' + secret, 'inputSchema': {'type': 'object'}}]}
    elif request['method'] == 'tools/call' and request['params']['arguments'].get('fail'):
        answer['error'] = {'code': -32000, 'message': 'no ' + secret}
    elif request['method'] == 'tools/call':
        print('called with', secret, file=sys.stderr, flush=True)
        answer['result'] = {'content': [{'type': 'text', 'text': 'after ' + secret}], 'structuredContent': {'key': secret}}
    else:
        answer['error'] = {'code': -32601, 'message': 'no such method'}
    print(json.dumps(answer), flush=True)
'''


def answer_mcp(echo):
    """Over HTTP: the header comes back in every answer."""

    def answer(request):
        body = json.loads(request.rfile.read(int(request.headers.get('Content-Length') or 0)) or b'{}')
        value = request.headers['Authorization'] or 'none'
        with echo.lock:
            echo.requests.append((body.get('method'), value))
        result = {'initialize': {'protocolVersion': body.get('params', {}).get('protocolVersion'), 'capabilities': {'tools': {}},
                                 'serverInfo': {'name': value, 'version': '1'}, 'instructions': value},
                  'tools/list': {'tools': [{'name': 'echo', 'description': value, 'inputSchema': {'type': 'object'}}]},
                  'tools/call': {'content': [{'type': 'text', 'text': 'after ' + value}]}}.get(body.get('method'))
        if 'id' not in body:
            request.reply(b'', status=202)
        elif result is None:
            request.reply(json.dumps({'jsonrpc': '2.0', 'id': body['id'], 'error': {'code': -32601, 'message': value}}).encode(), 'application/json')
        else:
            request.reply(json.dumps({'jsonrpc': '2.0', 'id': body['id'], 'result': result}).encode(), 'application/json')

    return answer


def of_tool_servers(library):
    library.env.update(DEBUG)
    enter(library, 'mcp-key', SECRET)
    script = library.file('server.py', MCP_SERVER)
    echo = Echo()
    with server(answer_mcp(echo)) as url:
        set_setting(library, 'mcp-servers', [
            {'name': 'process', 'transport': 'stdio', 'command': sys.executable, 'args': [str(script)],
             'env': [{'name': 'MCP_KEY', 'credential': 'mcp-key'}], 'timeout': 20},
            {'name': 'remote', 'transport': 'http', 'url': url + '/mcp', 'credential': 'mcp-key', 'timeout': 20}])
        told = ''
        for name, arguments in (('process', {}), ('process', {'fail': True}), ('remote', {})):
            call = node('call', 'mcp-tool', server=name, tool='echo', arguments=arguments)
            told += run_all(library, workflow([start_node(), call, node('end', 'output')], 'start call, call end', f'{name} {len(arguments)}'))
        for name in ('process', 'remote'):
            for arguments in (['mcp', 'tools', name], ['mcp', 'call', name, 'echo', '{}']):
                result = library.heddle(*arguments)
                assert result.status == 0 and '•••' in result.out, result
                check(' '.join(arguments), result.out + result.err)
    assert any(SECRET in value for _, value in echo.requests), echo.requests
    assert told.count('after') >= 2, told
    check_told(library)


def of_a_vector_server(library):
    library.env.update(DEBUG)
    enter(library, 'qdrant-key', SECRET, '--header', 'api-key')
    text = library.file('note.txt', 'Refunds take three to five working days.')
    assert library.heddle('knowledge', 'Notes', text).status == 0
    echo = Echo()
    with server(lambda request: echo.echo_error(request, *remember(echo, request))) as url:
        with contextlib.closing(sqlite3.connect(library.database)) as database, database:
            database.execute("UPDATE knowledge_bases SET server_url = ?, server_credential = 'qdrant-key', server_collection = 'c',"
                             " embedding_model = 'demo/embedding', dimensions = 256 WHERE name = 'Notes'", (url,))
        for mode in ('vectors', 'hybrid', 'auto'):
            search = node('search', 'rag', knowledge='Notes', query='refund', mode=mode)
            run_all(library, workflow([start_node(), search, node('end', 'output')], 'start search, search end', mode))
    assert any(SECRET in told for _, told in echo.requests), echo.requests
    check_told(library)


def remember(echo, request):
    request.rfile.read(int(request.headers.get('Content-Length') or 0))
    told = str(request.headers)
    with echo.lock:
        echo.requests.append((request.path, told))
    return told, request.headers.get('api-key') or 'none'


def of_the_endpoint(library):
    """What is served: answers, events, the log of requests."""
    library.env.update(DEBUG)
    enter(library, 'bearer', SECRET)
    echo = Echo()
    with server(echo.answer) as url:
        echo.elsewhere = url
        for content in (calls(url, 'bearer'), workflow([start_node(), node('bad', 'http', url=url + '/error', credential='bearer'), node('end', 'output')],
                                                       'start bad, bad end', 'Failing')):
            assert library.heddle('import', library.file('flow.json', content)).status == 0
            assert library.heddle('activate', content['name']).status == 0
        serving = Serving(library)
        for name in ('calls', 'failing'):
            answer = serving.run(name)
            check('the answer', str(answer.headers).encode() + answer.body)
            run = serving.run(name, Prefer='respond-async').json()['id']
            check('the events', json.dumps(follow(serving, run)))
            check('the run', serving.request('GET', '/v1/runs/' + run).body)
        serving.run(token=TOKEN + CORE)
        told = serving.stop() + ''.join(serving.lines)
    check('what the server tells', told)
    assert TOKEN not in told
    # The file with the token is the person's own, and lies in this folder for that reason.
    (library.folder / 'token').unlink()
    for path in library.database.parent.iterdir():
        assert TOKEN.encode() not in path.read_bytes(), path
    assert len([told for _, told in echo.requests if SECRET in told]) >= 2 * len(ECHOES)
    check('the export', library.heddle('export', 'Calls').out)
    check_told(library)


def killed_in_the_middle(library):
    library.env.update(DEBUG, OPENAI_API_KEY=SECRET)
    enter(library, 'bearer', SECRET)
    echo = Echo()

    def crash_with_core():
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    with server(lambda request: echo.echo_hang(request, *remember_bearer(echo, request))) as url:
        library.env['OPENAI_BASE_URL'] = url + '/v1'
        flow = workflow([start_node(), node('ask', 'llm', model='openai/m', prompt='x'), node('call', 'http', url=url, credential='bearer'), node('end', 'output')],
                        'start ask, start call, ask end, call end', 'Killed')
        path = library.file('flow.json', flow)
        for number, kind in enumerate((signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGTERM), 1):
            with library.start('run', path, '--input', '{"message":"x"}', '--output', 'events', preexec_fn=crash_with_core) as process:
                wait_until(lambda: len(echo.requests) >= 2 * number)
                wait_until(lambda: any(run['state'] == 'running' for run in library.heddle('traces', '--json').json()))
                process.send_signal(kind)
                out, err = process.communicate(timeout=TIMEOUT)
            check(f'what is told at {kind.name}', out + err)
            check_library(library)
        echo.gate.set()
    check_told(library)


def remember_bearer(echo, request):
    request.rfile.read(int(request.headers.get('Content-Length') or 0))
    told = str(request.headers)
    with echo.lock:
        echo.requests.append((request.path, told))
    return told, SECRET


run_cases([
    in_an_encrypted_file,
    under_a_passphrase,
    in_the_environment,
    of_providers,
    of_tool_servers,
    of_a_vector_server,
    of_the_endpoint,
    killed_in_the_middle,
])

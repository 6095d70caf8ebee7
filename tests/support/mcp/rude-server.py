#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An MCP server on standard input and output of before 2026-07-28, which misbehaves as its arguments say."""
import json
import os
import signal
import sys
import time

MODES = set(sys.argv[1:])
PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
DEFINITIONS = [
    {'name': 'echo', 'description': 'Says it again.', 'inputSchema': {'type': 'object', 'properties': {'text': {'type': 'string'}}}},
    {'name': 'crash', 'inputSchema': {'type': 'object'}},
    {'name': 'stall', 'inputSchema': {'type': 'object'}},
    {'name': 'fail', 'inputSchema': {'type': 'object'}, 'annotations': {'destructiveHint': True}},
    {'name': 'refuse', 'inputSchema': {'type': 'object'}},
    {'name': 'lie', 'inputSchema': {'type': 'object'}, 'outputSchema': {'type': 'object', 'required': ['count'], 'properties': {'count': {'type': 'integer'}}}},
    {'name': 'count', 'inputSchema': {'type': 'object'}, 'outputSchema': {'type': 'object', 'required': ['count'], 'properties': {'count': {'type': 'integer'}}}},
    {'name': 'mixed', 'inputSchema': {'type': 'object'}},
    {'name': 'change', 'inputSchema': {'type': 'object'}},
    {'name': 'ask', 'inputSchema': {'type': 'object'}},
    {'name': 'environment', 'inputSchema': {'type': 'object'}},
    {'name': 'slow', 'inputSchema': {'type': 'object'}},
    {'name': 'pid', 'inputSchema': {'type': 'object'}},
    {'name': 'cancelled', 'inputSchema': {'type': 'object'}},
]
cancelled = []
asked = []


def write(message):
    sys.stdout.write(json.dumps(message, separators=(',', ':')) + '\n')
    sys.stdout.flush()


def raw(data):
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def reply(request, result):
    message = {'jsonrpc': '2.0', 'id': request['id'], 'result': result}
    write([message] if 'batch' in MODES else message)


def refuse(request, code, text):
    write({'jsonrpc': '2.0', 'id': request['id'], 'error': {'code': code, 'message': text}})


def text(value, **more):
    return {'content': [{'type': 'text', 'text': value}], **more}


def initialize(request):
    if 'early' in MODES:
        write({'jsonrpc': '2.0', 'method': 'notifications/tools/list_changed'})
        write({'jsonrpc': '2.0', 'method': 'notifications/what/is/this', 'params': {'a': [1]}})
    version = '1999-01-01' if 'ancient' in MODES else request['params']['protocolVersion']
    reply(request, {'protocolVersion': version, 'capabilities': {'tools': {'listChanged': True}},
                    'serverInfo': {'name': 'rude', 'version': '1'}})
    if 'ask' in MODES:
        for number, method in enumerate(['ping', 'roots/list', 'sampling/createMessage', 'elicitation/create']):
            write({'jsonrpc': '2.0', 'id': f'q{number}', 'method': method, 'params': {}})


def list_tools(request):
    page = int(request.get('params', {}).get('cursor', '0'))
    if 'circle' in MODES:
        reply(request, {'tools': DEFINITIONS[:1], 'nextCursor': '1'})
    elif 'pages' in MODES:
        more = {'nextCursor': str(page + 1)} if page + 1 < len(DEFINITIONS) else {}
        reply(request, {'tools': DEFINITIONS[page:page + 1], **more})
    else:
        reply(request, {'tools': DEFINITIONS})


def call(request):
    params = request['params']
    name, arguments = params['name'], params.get('arguments', {})
    if name == 'echo':
        reply(request, text(arguments.get('text', '')))
    elif name == 'crash':
        sys.stderr.write('It is all too much.\n')
        sys.stderr.flush()
        os._exit(3)
    elif name == 'fail':
        reply(request, text('The disk is full.', isError=True))
    elif name == 'refuse':
        refuse(request, -32602, 'There is something wrong with that.')
    elif name == 'lie':
        reply(request, text('many', structuredContent={'count': 'many'}))
    elif name == 'count':
        reply(request, text('7', structuredContent={'count': 7}))
    elif name == 'mixed':
        reply(request, {'content': [
            {'type': 'text', 'text': 'a pixel'},
            {'type': 'image', 'mimeType': 'image/png', 'data': PIXEL},
            {'type': 'audio', 'mimeType': 'audio/wav', 'data': 'AAAA'},
            {'type': 'resource', 'resource': {'uri': 'demo://one', 'mimeType': 'text/plain', 'text': 'inside'}},
            {'type': 'resource_link', 'uri': 'demo://two', 'name': 'two'},
            {'type': 'hologram', 'depth': 3}]})
    elif name == 'change':
        DEFINITIONS.append({'name': 'new', 'inputSchema': {'type': 'object'}})
        write({'jsonrpc': '2.0', 'method': 'notifications/tools/list_changed'})
        reply(request, text('changed'))
    elif name == 'ask':
        reply(request, text(json.dumps(asked)))
    elif name == 'environment':
        reply(request, text(json.dumps(dict(os.environ), sort_keys=True)))
    elif name == 'pid':
        reply(request, text(str(os.getpid())))
    elif name == 'slow':
        token = params.get('_meta', {}).get('progressToken')
        for step in range(1, 5):
            time.sleep(0.15)
            write({'jsonrpc': '2.0', 'method': 'notifications/progress',
                   'params': {'progressToken': token, 'progress': step, 'total': 4, 'message': f'step {step}'}})
        reply(request, text('done'))
    elif name == 'cancelled':
        reply(request, text(json.dumps(cancelled)))
    # "stall" never answers.


def misbehave():
    if 'garbage' in MODES:
        raw(b'Welcome to my server!\n\xff\xfe\x00not text\n{"jsonrpc":\n[1,2]\n{"x":1}\n\n')
    if 'huge' in MODES:
        raw(b'x' * (17 * 1024 * 1024) + b'\n')
    if 'flood' in MODES:
        for number in range(20000):
            sys.stderr.write(f'complaint {number} ' + 'o' * 100 + '\n')
        sys.stderr.write('no end of line')
        sys.stderr.flush()


def take(request):
    method = request.get('method')
    if method is None:
        asked.append(request.get('error', {}).get('code', 'ok'))
    elif method == 'notifications/cancelled':
        cancelled.append(request['params']['requestId'])
    elif method == 'initialize':
        initialize(request)
    elif method == 'tools/list':
        list_tools(request)
    elif method == 'tools/call':
        call(request)
    elif method == 'server/discover' and 'dies' in MODES:
        os._exit(1)
    elif method == 'server/discover' and 'odd' in MODES:
        refuse(request, -32000, 'Not initialized yet')
    elif 'id' in request and 'silent' not in MODES:
        refuse(request, -32601, 'Method not found')


if 'stubborn' in MODES:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
misbehave()
for line in sys.stdin:
    take(json.loads(line))
while 'stubborn' in MODES:
    time.sleep(1)

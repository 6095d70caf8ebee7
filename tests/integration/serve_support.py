# SPDX-License-Identifier: GPL-3.0-or-later
"""A running heddle serve, and what its clients say to it."""
import contextlib
import http.client
import json
import re
import signal
import socket
import threading

from cli_support import TIMEOUT, greeting, wait_until

TOKEN = 'canary-7f3a9c51e2d84b06-token'


class Serving:
    """A running heddle serve."""

    def __init__(self, library, *arguments, **options):
        self.library = library
        library.file('token', TOKEN + '\n')
        self.process = library.start('serve', '--port', '0', '--token-file', library.folder / 'token', *arguments, **options)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        wait_until(lambda: self.port() or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stderr.read().decode()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode())

    def port(self):
        found = re.search(r'serves at http://127\.0\.0\.1:(\d+)', ''.join(self.lines))
        return int(found[1]) if found else 0

    def connect(self):
        return http.client.HTTPConnection('127.0.0.1', self.port(), timeout=TIMEOUT)

    def raw(self, data, seconds=TIMEOUT):
        """Sends bytes and reads to the end."""
        with socket.create_connection(('127.0.0.1', self.port()), timeout=seconds) as stream:
            stream.sendall(data)
            return read_all(stream)

    def request(self, method, path, body=None, token=TOKEN, **headers):
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        if token:
            headers['Authorization'] = 'Bearer ' + token
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault('Content-Type', 'application/json')
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer, answer.read())

    def run(self, name='greeting', message='x', **headers):
        return self.request('POST', f'/v1/workflows/{name}/run', {'message': message}, **headers)

    def stop(self, kind=signal.SIGTERM):
        self.process.send_signal(kind)
        self.process.wait(TIMEOUT)
        self.reader.join(TIMEOUT)
        return self.process.stderr.read().decode()


class Answer:
    def __init__(self, answer, body):
        self.status, self.headers, self.body = answer.status, answer.headers, body

    def json(self):
        return json.loads(self.body)

    def code(self):
        return self.json()['error']['code']

    def __repr__(self):
        return f'{self.status} {self.body[:300]!r}'


def read_all(stream):
    data = b''
    with contextlib.suppress(ConnectionResetError):
        while piece := stream.recv(65536):
            data += piece
    return data


@contextlib.contextmanager
def serving(library, *workflows, **options):
    for number, content in enumerate(workflows or [greeting()]):
        result = library.heddle('import', library.file(f'{number}.json', content))
        assert result.status == 0, result
        result = library.heddle('activate', content['id'])
        assert result.status == 0, result
    server = Serving(library, **options)
    try:
        yield server
    finally:
        errors = server.stop() if server.process.poll() is None else server.process.stderr.read().decode()
        for words in ('Sanitizer', 'runtime error:', 'CRITICAL', 'WARNING'):
            assert words not in errors, errors


def follow(server, run, last=None):
    with contextlib.closing(server.connect()) as connection:
        headers = {'Authorization': 'Bearer ' + TOKEN, **({'Last-Event-ID': str(last)} if last else {})}
        connection.request('GET', f'/v1/runs/{run}/events', headers=headers)
        answer = connection.getresponse()
        assert (answer.status, answer.headers['Content-Type']) == (200, 'text/event-stream'), answer.status
        return [{name: value for name, value in (line.split(': ', 1) for line in block.splitlines())}
                for block in answer.read().decode().split('\n\n') if block and not block.startswith(':')]

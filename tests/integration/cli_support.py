# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share: a library of their own, workflows, a server, and TAP."""
import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import traceback

BINDIR = pathlib.Path(os.environ['HEDDLE_TEST_BINDIR'])
HEDDLE = str(BINDIR / 'heddle')
SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
# A hang is a failure; sanitizers and a busy machine get their time.
TIMEOUT = 40


class Skip(Exception):
    """Raised by a case that cannot be tried here."""


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f'exit status {self.status}\nstdout: {self.out[-600:]!r}\nstderr: {self.err[-1200:]}'

    def json(self):
        return json.loads(self.out)

    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]


class Library:
    """A home of its own, so that nothing of the person's is seen, and nothing left behind."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / 'home'
        self.home.mkdir(exist_ok=True)
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(('XDG_', 'HEDDLE_DATABASE', 'OPENAI_', 'DISPLAY', 'WAYLAND_', 'DBUS_'))}
        self.env.update(HOME=str(self.home), XDG_RUNTIME_DIR=str(self.folder), NO_COLOR='1')

    @property
    def database(self):
        return self.home / '.local/share/heddle/heddle.db'

    def start(self, *arguments, **options):
        env = {**self.env, **options.pop('env', {})}
        return subprocess.Popen([HEDDLE, *map(str, arguments)], env=env, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def heddle(self, *arguments, stdin=b'', **options):
        """Runs the program to its end; a crash of a sanitizer or a signal never passes for an error."""
        with self.start(*arguments, stdin=subprocess.PIPE, **options) as process:
            try:
                out, err = process.communicate(stdin, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f'{arguments} hangs') from None
        result = Result(process.returncode, out.decode(errors='replace'), err.decode(errors='replace'))
        assert result.status in (0, 1, 2, 130), result
        for words in ('Sanitizer', 'runtime error:', 'CRITICAL', 'WARNING'):
            assert words not in result.err, result
        return result

    def file(self, name, content):
        path = self.folder / name
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


@contextlib.contextmanager
def new_library():
    with tempfile.TemporaryDirectory(prefix='heddle-cli-') as folder:
        yield Library(folder)


def node(name, kind, title=None, **params):
    return {'id': name, 'type': kind, 'params': params, **({'title': title} if title else {})}


def workflow(nodes, wires, name='Test'):
    """wires: "a b, b.true c"."""
    edges = [dict(zip(('from', 'to'), wire.split())) for wire in wires.split(',') if wire.strip()]
    return {'format': 'heddle-workflow', 'version': 1, 'id': 'test-' + name.lower().replace(' ', '-'), 'name': name,
            'nodes': nodes, 'edges': edges}


def start_node():
    return node('start', 'input', fields=[{'name': 'message', 'title': 'Message', 'type': 'text'}])


def greeting():
    return workflow([start_node(), node('hello', 'template', text='Hello {{ $start.message }}'), node('end', 'output')],
                    'start hello, hello end', 'Greeting')


def asking_agent():
    """An agent of the demo model whose only tool has to be approved."""
    tool = node('greet', 'template', text='Hello {{ $args.name }}')
    tool['tool'] = {'description': 'Greets a person by name.', 'approval': 'always'}
    return workflow([start_node(), node('agent', 'agent', 'Host', model='demo/small', prompt='Greet the person by name: {{ $start.message }}'), tool, node('end', 'output')],
                    'start agent, greet agent.tools, agent end', 'Asking')


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def reply(self, body, kind='text/plain', status=200):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self):
        with contextlib.suppress(OSError):  # clients that leave are what some cases are about
            super().handle_one_request()

    def do_GET(self):
        self.server.answer(self)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET


@contextlib.contextmanager
def server(answer):
    """A server on this machine; answer (handler) writes the reply. Yields its address."""
    httpd = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    httpd.daemon_threads = True
    httpd.answer = answer
    threading.Thread(target=httpd.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True).start()
    try:
        yield f'http://127.0.0.1:{httpd.server_port}'
    finally:
        httpd.shutdown()
        httpd.server_close()


def wait_until(condition, seconds=TIMEOUT):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, 'it never came'
        time.sleep(0.005)


def run_cases(cases):
    """TAP for functions that take a new library each."""
    failed = 0
    print(f'1..{len(cases)}')
    for number, case in enumerate(cases, 1):
        name = case.__name__.replace('_', ' ')
        try:
            with new_library() as library:
                case(library)
            print(f'ok {number} {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} {name} # SKIP {reason}', flush=True)
        except Exception:  # a bug in a test must not hide the cases after it
            failed += 1
            notes = ''.join('# ' + line + '\n' for line in traceback.format_exc().splitlines())
            print(f'not ok {number} {name}\n{notes}', end='', flush=True)
    sys.exit(1 if failed else 0)

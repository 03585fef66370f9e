# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands that never outlive a test, requests to them, and waits."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# The limit for what should happen immediately, on a loaded machine, too.
LIMIT_S = 120
POLL_S = 0.05
# Below the usual net.ipv4.ip_local_port_range.
PORTS = (20000, 32768)


def use_build(path):
    """The whole environment of a program that uses the parts of that build."""
    build = path.resolve()
    os.environ['BUILD'] = str(build)
    os.environ['GST_REGISTRY'] = str(build / 'tests' / 'registry.bin')
    return build


def read_all(file):
    with open(f'/proc/self/fd/{file.fileno()}', encoding='utf-8',
              errors='replace') as reader:
        return reader.read()


class Process:
    """A command with its output in a file, together with its stderr unless
    that is kept separately; it ends when its block ends."""

    def __init__(self, *args, env=None, cwd=None, stdin=subprocess.DEVNULL,
                 keeps_errors_apart=False):
        self.log = tempfile.TemporaryFile('w+')
        self.errors = tempfile.TemporaryFile('w+')
        self.popen = subprocess.Popen(
            [str(arg) for arg in args], stdin=stdin, stdout=self.log,
            stderr=self.errors if keeps_errors_apart else subprocess.STDOUT,
            text=True, cwd=cwd, env={**os.environ, **(env or {})},
            start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Sends a signal first: a demo has other processes to end."""
        with contextlib.suppress(subprocess.TimeoutExpired,
                                 ProcessLookupError):
            self.interrupt()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        if self.popen.stdin:
            self.popen.stdin.close()
        self.log.close()
        self.errors.close()

    def types(self, words):
        """Needs stdin=subprocess.PIPE."""
        self.popen.stdin.write(words)
        self.popen.stdin.flush()

    def terminate(self):
        """As systemd and Docker do it. Returns the exit status."""
        self.popen.terminate()
        return self.wait()

    def interrupt(self):
        """Ctrl-C, as a terminal sends it. Returns the exit status."""
        os.killpg(self.popen.pid, signal.SIGINT)
        return self.wait()

    def die(self):
        """As if its machine had lost power, except that the kernel sends a
        FIN."""
        os.killpg(self.popen.pid, signal.SIGKILL)
        self.wait()

    def wait(self):
        return self.popen.wait(LIMIT_S)

    def output(self):
        """Reads through a descriptor of its own: the command's is positioned
        where it writes."""
        return read_all(self.log)

    def error_output(self):
        return read_all(self.errors)

    def is_running(self):
        return self.popen.poll() is None

    def n_fds(self):
        return len(os.listdir(f'/proc/{self.popen.pid}/fd'))

    def rss_kb(self):
        with open(f'/proc/{self.popen.pid}/status', encoding='utf-8') as lines:
            return next(int(line.split()[1]) for line in lines
                        if line.startswith('VmRSS'))


def free_port():
    """A port that is free for TCP and UDP at the moment, and outside of the
    range from which the kernel assigns ports: another program might be given
    it before it is used."""
    for _ in range(100):
        port = random.SystemRandom().randrange(*PORTS)
        with socket.socket() as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                contextlib.suppress(OSError):
            tcp.bind(('', port))
            udp.bind(('', port))
            return port
    raise AssertionError('no free port')


def eventually(claim, what, process=None):
    """Waits for @claim, but not after @process has ended."""
    until = time.monotonic() + LIMIT_S
    while not (result := claim()):
        said = process.output() if process else ''
        assert time.monotonic() < until, f'{what}: {said}'
        assert process is None or process.is_running(), f'{what}: {said}'
        time.sleep(POLL_S)
    return result


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def get(port, path):
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}',
                                    timeout=LIMIT_S) as answer:
            return answer.read().decode()
    except urllib.error.URLError:
        return ''


def stream_names(port):
    text = get(port, '/api/streams')
    if not text:
        return []
    return [stream['name'] for stream in json.loads(text)]

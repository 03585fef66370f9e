# SPDX-License-Identifier: LGPL-2.1-or-later
"""What HAProxy sees of a Kubernetes cluster: a name server that knows a service
and its pods, and pods, each at an address of its own on loopback, which say
their addresses to whatever is asked."""

import contextlib
import http.server
import socket
import socketserver
import struct
import threading

TYPE_A = 1
ANSWER = 0x8400  # authoritative
NO_SUCH_NAME = 3
TTL_S = 1


class Pod(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.server_address[0].encode()
        # A health check leaves once it has read the status.
        with contextlib.suppress(ConnectionError):
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, *_):
        pass


class Names(socketserver.BaseRequestHandler):
    """DNS (RFC 1035): questions of one name, and answers with addresses."""

    def handle(self):
        query, reply = self.request
        end = query.index(b'\0', 12) + 5
        question = query[12:end]
        (kind,) = struct.unpack('>H', question[-4:-2])
        addresses = self.server.addresses(read_name(question))
        found = addresses if kind == TYPE_A else []
        header = struct.pack(
            '>2sHHHHH', query[:2],
            ANSWER | (0 if addresses else NO_SUCH_NAME), 1, len(found), 0, 0)
        # The name is the one at offset 12.
        records = b''.join(
            struct.pack('>HHHIH', 0xc00c, TYPE_A, 1, TTL_S, 4)
            + socket.inet_aton(address) for address in found)
        reply.sendto(header + question + records, self.client_address)


def read_name(question):
    labels, at = [], 0
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    return '.'.join(labels).lower()


class NameServer(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, services):
        """@services: addresses of pods by the service's name."""
        super().__init__(('127.0.0.1', 0), Names)
        self.services = services

    def addresses(self, name):
        if name in self.services:
            return self.services[name]
        node, _, service = name.partition('.')
        return [address for address in self.services.get(service, [])
                if address.replace('.', '-') == node]


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pod(address, port):
    return serving(http.server.ThreadingHTTPServer((address, port), Pod))


def name_server(services):
    return serving(NameServer(services))

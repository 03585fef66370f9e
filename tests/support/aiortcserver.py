# SPDX-License-Identifier: LGPL-2.1-or-later
"""A WHEP server that is not ours: aiortc, with full ICE, as the client of DTLS.
Prints its port once it serves; ends with its input. Its stream is at /whep."""

import asyncio
import sys

import aiortc
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

connections = {}


async def answer(offer):
    """Returns the session's number and the answer."""
    connection = aiortc.RTCPeerConnection()
    number = len(connections)
    connections[number] = connection
    await connection.setRemoteDescription(
        aiortc.RTCSessionDescription(offer, 'offer'))
    for transceiver in connection.getTransceivers():
        track = VideoStreamTrack() if transceiver.kind == 'video' \
            else AudioStreamTrack()
        transceiver.sender.replaceTrack(track)
        transceiver.direction = 'sendonly'
    await connection.setLocalDescription(await connection.createAnswer())
    return number, connection.localDescription.sdp


def write(writer, status, headers=(), body=''):
    lines = [f'HTTP/1.1 {status}', *headers, f'Content-Length: {len(body)}',
             'Connection: close', '', body]
    writer.write('\r\n'.join(lines).encode())


async def serve(reader, writer):
    head = (await reader.readuntil(b'\r\n\r\n')).decode()
    method, path, _ = head.split(' ', 2)
    size = next((int(line.split(':')[1]) for line in head.splitlines()
                 if line.lower().startswith('content-length:')), 0)
    body = (await reader.readexactly(size)).decode()
    if method == 'POST' and path == '/whep':
        number, text = await answer(body)
        write(writer, '201 Created', ['Content-Type: application/sdp',
                                      f'Location: /session/{number}'], text)
    elif method == 'DELETE' and path.startswith('/session/'):
        await connections.pop(int(path.rpartition('/')[2])).close()
        write(writer, '200 OK')
    else:
        write(writer, '404 Not Found')
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(f'{len(connections)} sessions are left', flush=True)


asyncio.run(main())

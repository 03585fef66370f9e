# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long RTMP players take from play to their first decoded frame: the players
connect through a relay, which notes when play passes it."""

import os
import re
import select
import socket
import statistics
import subprocess
import threading
import time

GOP_S = 10
N_PLAYS = 12
# Not a divisor of the GOP, so that plays begin anywhere in it.
BETWEEN_S = 0.83
SETTLE_S = 12
LIMIT_S = 30
PLAY = b'\x02\x00\x04play'

FFPLAY_SHOWS = re.compile(rb'showinfo.* n: *0 ')
FFPLAY = ['ffplay', '-v', 'info', '-autoexit', '-vf', 'showinfo', '{url}']
# Commands, and what they print with their first decoded frame. By default,
# ffplay reads some 20 frames to find the frame rate before it decodes one, and
# waits for them if the key frame is younger.
PLAYERS = {
    'ffplay': (FFPLAY, FFPLAY_SHOWS),
    'ffplay -fpsprobesize 0': ([*FFPLAY, '-fpsprobesize', '0'], FFPLAY_SHOWS),
    'rtmp2src': (['gst-launch-1.0', '-v', 'rtmp2src', 'location={url}', '!',
                  'flvdemux', '!', 'h264parse', '!', 'avdec_h264', '!',
                  'fakesink', 'silent=false', 'sync=false'],
                 re.compile(rb'last-message = "?chain ')),
}


class Relay:
    """Forwards one connection at a time."""

    def __init__(self, port):
        self.port = port
        self.play_s = None
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.url = ('rtmp://127.0.0.1:'
                    f'{self.listener.getsockname()[1]}/live/bench')
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            player, _ = self.listener.accept()
            with player, socket.create_connection(
                    ('127.0.0.1', self.port)) as server:
                for end in (player, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.forward({player: server, server: player}, player)

    def forward(self, other, player):
        while True:
            for source in select.select(list(other), [], [])[0]:
                try:
                    data = source.recv(1 << 16)
                    if source is player and PLAY in data:
                        self.play_s = time.monotonic()
                    other[source].sendall(data)
                except OSError:
                    return
                if not data:
                    return


def play_once(relay, player):
    words, first = PLAYERS[player]
    relay.play_s = None
    process = subprocess.Popen(
        [word.format(url=relay.url) for word in words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, bufsize=0,
        env={**os.environ, 'SDL_VIDEODRIVER': 'dummy',
             'SDL_AUDIODRIVER': 'dummy', 'AV_LOG_FORCE_NOCOLOR': '1'})
    text = b''
    until = time.monotonic() + LIMIT_S
    while not first.search(text):
        if (not select.select([process.stdout], [], [], LIMIT_S)[0]
                or time.monotonic() > until):
            raise RuntimeError(f'{player} shows no frame: {text[-2000:]!r}')
        text += process.stdout.read(1 << 16)
    now_s = time.monotonic()
    process.kill()
    process.wait()
    return (now_s - relay.play_s) * 1000


def measure(gateway, clip, folder):
    relay = Relay(gateway.rtmp)
    with open(folder / 'first-publisher.log', 'w', encoding='utf-8') as log:
        publisher = subprocess.Popen(
            ['ffmpeg', '-v', 'error', '-re', '-stream_loop', '-1', '-i',
             str(clip), '-c', 'copy', '-f', 'flv',
             f'rtmp://127.0.0.1:{gateway.rtmp}/live/bench'],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        time.sleep(SETTLE_S)
        for player in PLAYERS:
            times = []
            for _ in range(N_PLAYS):
                time.sleep(BETWEEN_S)
                times.append(play_once(relay, player))
            yield {'bench': 'first', 'player': player, 'plays': len(times),
                   'first_p50_ms': statistics.median(times),
                   'first_max_ms': max(times)}
    finally:
        publisher.kill()
        publisher.wait()

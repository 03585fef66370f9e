# SPDX-License-Identifier: LGPL-2.1-or-later
"""A gateway of this build and, if wanted, an ffmpeg that publishes to it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

STREAM = 'live/cam'
START_LIMIT_S = 20
# AAC to Opus and the first key frame are ready by then.
PUBLISHER_SETTLE_S = 4

CLIP = ('-f lavfi -i testsrc2=size=1280x720:rate=30 '
        '-f lavfi -i sine=frequency=440:sample_rate=48000 -t 20 '
        '-c:v libx264 -preset veryfast -profile:v main -bf 0 -g {gop} '
        '-keyint_min {gop} -sc_threshold 0 -pix_fmt yuv420p '
        '-b:v 2500k -minrate 2500k -maxrate 2500k -bufsize 2500k '
        '-nal-hrd cbr -c:a aac -b:a 128k -ac 2')
FPS = 30


def quiet(log=None):
    return {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL,
            'stderr': log}


def make_clip(folder, gop_s=2):
    """720p30 and AAC, some 2.6 Mbit/s, coded once."""
    path = folder / f'clip-720p30-gop{gop_s}.flv'
    if not path.exists():
        subprocess.run(['ffmpeg', '-v', 'error', '-y',
                        *CLIP.format(gop=gop_s * FPS).split(), str(path)],
                       check=True, **quiet())
    return path


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def streams(http_port):
    url = f'http://127.0.0.1:{http_port}/api/streams'
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.read().decode()
    except OSError:
        return ''


class Gateway:
    """Ends with the block that it is used in."""

    def __init__(self, build, clip=None):
        """@clip is pushed to it, if there is one."""
        self.build = build
        self.clip = clip
        self.rtmp = free_port(socket.SOCK_STREAM)
        self.http = free_port(socket.SOCK_STREAM)
        self.processes = []
        self.log = open(build / 'bench' / 'gateway.log', 'w',
                        encoding='utf-8')

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        registry = self.build / 'bench' / 'registry.bin'
        self.run('gst-launch-1.0', '-q',
                 'rtmpserversrc', f'port={self.rtmp}', ':',
                 'rtmpwebrtcsink', f'port={self.http}',
                 GST_PLUGIN_PATH=str(self.build), GST_REGISTRY=str(registry))
        self.wait_until(lambda: is_listening(self.rtmp) and
                        is_listening(self.http))
        if self.clip is None:
            return
        self.run('ffmpeg', '-v', 'error', '-re', '-stream_loop', '-1',
                 '-i', str(self.clip), '-c', 'copy', '-f', 'flv',
                 f'rtmp://127.0.0.1:{self.rtmp}/{STREAM}')
        self.wait_until(lambda: STREAM in streams(self.http))
        time.sleep(PUBLISHER_SETTLE_S)

    def run(self, *command, **env):
        self.processes.append(subprocess.Popen(
            command, env=dict(os.environ, **env), **quiet(self.log)))

    def wait_until(self, claim):
        until = time.monotonic() + START_LIMIT_S
        while not claim():
            if any(p.poll() is not None for p in self.processes):
                sys.exit(f'it ended: see {self.log.name}')
            if time.monotonic() > until:
                sys.exit(f'no stream within {START_LIMIT_S} s: '
                         f'see {self.log.name}')
            time.sleep(0.1)

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(START_LIMIT_S)
        self.log.close()

    @property
    def pid(self):
        return self.processes[0].pid

    @property
    def url(self):
        return f'http://127.0.0.1:{self.http}'

    @property
    def whep_url(self):
        return f'{self.url}/whep/{STREAM}'

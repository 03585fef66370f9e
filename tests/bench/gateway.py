# SPDX-License-Identifier: LGPL-2.1-or-later
"""A gateway of this build, and what is published to it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

START_LIMIT_S = 20

CLIP = ('-f lavfi -i testsrc2=size=1280x720:rate=30 '
        '-f lavfi -i sine=frequency=440:sample_rate=48000 -t {seconds} '
        '-c:v libx264 -preset veryfast -profile:v main -bf 0 -g {gop} '
        '-keyint_min {gop} -sc_threshold 0 -pix_fmt yuv420p '
        '-b:v {kbps}k -minrate {kbps}k -maxrate {kbps}k -bufsize {kbps}k '
        '-nal-hrd cbr -c:a aac -b:a 128k -ac 2')
FPS = 30
CLIP_S = 20
# Of the video.
KBPS = 2500


def quiet(log=None):
    return {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL,
            'stderr': log}


def make_clip(folder, gop_s=2, slices=1, kbps=KBPS):
    """720p30 and AAC, some 2.6 Mbit/s unless @kbps of video are asked for,
    encoded once; with @slices of equal height in each picture, as x264's
    tune=zerolatency makes one per core."""
    rate = '' if kbps == KBPS else f'-{kbps}k'
    path = folder / f'clip-720p30-gop{gop_s}{rate}{slices_word(slices)}.flv'
    if not path.exists():
        words = CLIP.format(gop=gop_s * FPS, kbps=kbps, seconds=CLIP_S).split()
        sliced = [] if slices == 1 else ['-slices', str(slices)]
        subprocess.run(['ffmpeg', '-v', 'error', '-y', *words, *sliced,
                        str(path)], check=True, **quiet())
    return path


def slices_word(slices):
    return '' if slices == 1 else f'-slices{slices}'


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def plugins_of(build):
    """The variables with which a program uses those of this build."""
    return {'GST_PLUGIN_PATH': str(build),
            'GST_REGISTRY': str(build / 'bench' / 'registry.bin')}


class Gateway:
    """Runs until the end of the block that it is used in; @sink and @source:
    further properties of rtmpwebrtcsink and rtmpserversrc, as NAME=VALUE."""

    def __init__(self, build, env=None, sink=(), source=()):
        self.build = build
        self.env = env or {}
        self.sink = sink
        self.source = source
        self.rtmp = free_port(socket.SOCK_STREAM)
        self.http = free_port(socket.SOCK_STREAM)
        self.process = None
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
        self.run('gst-launch-1.0', '-q',
                 'rtmpserversrc', f'port={self.rtmp}', *self.source, ':',
                 'rtmpwebrtcsink', f'port={self.http}', *self.sink,
                 **plugins_of(self.build))
        self.wait_for(self.rtmp, self.http)

    def wait_for(self, *ports):
        until = time.monotonic() + START_LIMIT_S
        while not all(map(is_listening, ports)):
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit(f'the server did not start: see {self.log.name}')
            time.sleep(0.1)

    def run(self, *command, **env):
        self.process = subprocess.Popen(
            command, env={**os.environ, **self.env, **env}, **quiet(self.log))

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(START_LIMIT_S)
        self.log.close()

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return f'http://127.0.0.1:{self.http}'


    def streams(self):
        with urllib.request.urlopen(f'{self.url}/api/streams',
                                    timeout=START_LIMIT_S) as answer:
            return [stream['name'] for stream in json.load(answer)]


@contextlib.contextmanager
def published(gateway, clip, name):
    """The clip in a loop, by ffmpeg, until the end of the block."""
    publisher = subprocess.Popen(
        ['ffmpeg', '-v', 'error', '-re', '-stream_loop', '-1', '-i', str(clip),
         '-c', 'copy', '-f', 'flv', f'rtmp://127.0.0.1:{gateway.rtmp}/{name}'],
        **quiet(gateway.log))
    try:
        until = time.monotonic() + START_LIMIT_S
        while name not in gateway.streams():
            if publisher.poll() is not None or time.monotonic() > until:
                sys.exit(f'nothing is published: see {gateway.log.name}')
            time.sleep(0.1)
        yield
    finally:
        publisher.terminate()
        publisher.wait(START_LIMIT_S)


NGINX = """
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; master_process off; pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
rtmp {{ server {{ listen 127.0.0.1:{port};
  application live {{ live on; }} }} }}
"""


class Nginx(Gateway):
    """nginx with its RTMP module instead, in one process."""

    def start(self):
        folder = self.build / 'bench'
        config = folder / 'nginx.conf'
        config.write_text(NGINX.format(folder=folder, port=self.rtmp),
                          encoding='utf-8')
        self.run('/usr/sbin/nginx', '-p', str(folder), '-c', str(config),
                 '-e', str(folder / 'nginx.log'))
        self.wait_for(self.rtmp)

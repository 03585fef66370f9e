# SPDX-License-Identifier: LGPL-2.1-or-later
"""An origin and edges that pull from it, all on this machine: what they use,
beside what capacity.py expects of them."""

import contextlib
import datetime
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import tables
from gateway import (CLIP_S, FPS, KBPS, START_LIMIT_S, Gateway, make_clip,
                     quiet)

N_EDGES = [1, 2, 4]
# A stream's sound, of all clips.
SOUND_KBPS = 128
FRAMES_PER_S = {'video': FPS, 'audio': 50}
POLL_S = 0.2
# Longer than any run.
PUBLISH_S = 1800
TICKS_A_SECOND = os.sysconf('SC_CLK_TCK')
RATE = '2.6'


def cpu_s(pid):
    """As of tests/bench/usage-io.c."""
    with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
        fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def machine_ticks():
    """All, and those in which nothing ran."""
    with open('/proc/stat', encoding='utf-8') as file:
        ticks = [int(field) for field in file.readline().split()[1:9]]
    return sum(ticks), ticks[3] + ticks[4]


def sent_bytes(port):
    """Of all connections that this machine has from that port."""
    said = subprocess.run(['ss', '-tniH', f'sport = :{port}'], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return sum(map(int, re.findall(r'\bbytes_sent:(\d+)', said)))


def has_stream(url):
    """Asks for a picture: that makes an edge pull the stream."""
    try:
        with urllib.request.urlopen(f'{url}/snapshot/live/load0.jpg',
                                    timeout=START_LIMIT_S) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


def wait_for_stream(server):
    until = time.monotonic() + START_LIMIT_S
    while not has_stream(server.url):
        if time.monotonic() > until:
            sys.exit(f'{server.url}: no stream')
        time.sleep(POLL_S)


class Crowd:
    """The program load: viewers of one gateway, or the publisher."""

    def __init__(self, build, origin, edge, clip, seconds, n_viewers,
                 n_streams=0):
        self.process = subprocess.Popen(
            [str(word) for word in (
                build / 'tests' / 'bench' / 'load', '--url', edge.url, '--pid',
                edge.pid, '--rtmp-port', origin.rtmp, '--clip', clip,
                '--viewers', n_viewers, '--followers', 0, '--streams',
                n_streams, '--seconds', seconds, '--sample', seconds)],
            **{**quiet(), 'stdout': subprocess.PIPE}, text=True)

    def is_running(self):
        return self.process.poll() is None

    def end(self):
        if self.is_running():
            self.process.terminate()
            self.process.wait()
        self.process.stdout.close()

    def result(self):
        text = self.process.stdout.read()
        self.process.wait()
        if self.process.returncode != 0:
            sys.exit(f'load: {self.process.returncode}')
        return json.loads(text)


class Origin:
    """Samples of what the origin has used so far."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.samples = []

    def look(self):
        self.samples.append((time.monotonic(), cpu_s(self.gateway.pid),
                             sent_bytes(self.gateway.rtmp), machine_ticks()))

    def since(self, seconds):
        """% of a core, Mbit/s to the edges, % of the machine."""
        end = self.samples[-1]
        start = next(sample for sample in self.samples
                     if sample[0] >= end[0] - seconds)
        passed = end[0] - start[0]
        n_ticks, n_idle = (b - a for a, b in zip(start[3], end[3]))
        return (100 * (end[1] - start[1]) / passed,
                (end[2] - start[2]) * 8 / passed / 1e6,
                100 * (1 - n_idle / n_ticks))


def publish(stack, build, origin, clip):
    """Until the stack unwinds."""
    publisher = Crowd(build, origin, origin, clip, PUBLISH_S, 0, 1)
    stack.callback(publisher.end)
    wait_for_stream(origin)


def watch(stack, build, edge, clip, seconds, n_viewers):
    crowd = Crowd(build, edge, edge, clip, seconds, n_viewers)
    stack.callback(crowd.end)
    return crowd


def run(options, n_edges):
    clip = make_clip(options.build / 'bench')
    with contextlib.ExitStack() as stack:
        origin = stack.enter_context(
            Gateway(options.build, source=('play=true',)))
        edges = [stack.enter_context(Gateway(
            options.build, sink=(f'origin=rtmp://127.0.0.1:{origin.rtmp}',)))
                 for _ in range(n_edges)]
        publish(stack, options.build, origin, clip)
        for edge in edges:
            wait_for_stream(edge)
        crowds = [watch(stack, options.build, edge, clip, options.seconds,
                        options.viewers) for edge in edges]
        watched = Origin(origin)
        while all(crowd.is_running() for crowd in crowds):
            watched.look()
            time.sleep(POLL_S)
        results = [crowd.result() for crowd in crowds]
        cpu, mbit, busy = watched.since(options.seconds)
    return {
        'edges': n_edges, 'viewers': options.viewers,
        'edge_percent': sum(r['cpu_percent'] for r in results) / n_edges,
        'packets_per_s': sum(r['packets_per_s'] for r in results)
        / n_edges / options.viewers,
        'lost': sum(r['lost'] for r in results),
        'choked': sum(r['choked'] for r in results),
        'origin_percent': cpu, 'origin_mbit': mbit, 'machine_percent': busy}


def expect(costs, n_edges, n_viewers):
    """Of the same things, in the units of run()."""
    return {
        'edge_percent': costs.gateway_percent(n_viewers),
        'packets_per_s': costs.packets_per_s(RATE),
        'origin_percent': costs.value('play_0')
        + n_edges * costs.player_percent(RATE),
        # Without the headers of TCP, which the kernel does not count.
        'origin_mbit': n_edges * costs.media_mbit(RATE)}


def check(options, costs):
    results = []
    for n_edges in N_EDGES:
        print(f'{n_edges} edges …', file=sys.stderr)
        result = run(options, n_edges)
        result['expected'] = expect(costs, n_edges, options.viewers)
        results.append(result)
    return results


def compared(result, key, digits, unit=''):
    expected = result['expected'][key]
    return (f'{expected:.{digits}f} / {result[key]:.{digits}f}{unit} = '
            f'{expected / result[key]:.2f}')


def write_check(results):
    title = (f"{datetime.date.today()}, {results[0]['viewers']} viewers at each "
             'edge, predicted / measured')
    return tables.table(title, [
        'edges', 'packets/s of a viewer', 'CPU of an edge', "origin's CPU",
        "origin's uplink", 'lost', 'of these choked', 'machine busy'], [
            [r['edges'], compared(r, 'packets_per_s', 0),
             compared(r, 'edge_percent', 1, ' %'),
             compared(r, 'origin_percent', 1, ' %'),
             compared(r, 'origin_mbit', 2, ' Mbit/s'), r['lost'], r['choked'],
             f"{r['machine_percent']:.0f} %"] for r in results])


def tracks(gateway):
    """What each track has brought so far; nothing at first."""
    with urllib.request.urlopen(f'{gateway.url}/api/v1/streams/live/load0',
                                timeout=START_LIMIT_S) as answer:
        stream = json.load(answer)
    return {kind: stream[kind] for kind in FRAMES_PER_S}


def count_clip(options, clip):
    """Of a second of media: counts, by the stream's own clock, which do not
    depend on how busy the machine is."""
    with contextlib.ExitStack() as stack:
        gateway = stack.enter_context(Gateway(options.build))
        publish(stack, options.build, gateway, clip)
        start = end = tracks(gateway)
        # The size of frames depends on where in the clip they are.
        while (not all('frames' in track for track in start.values())
               or end['video']['frames'] - start['video']['frames']
               < CLIP_S * FPS):
            time.sleep(POLL_S)
            end = tracks(gateway)
            if not all('frames' in track for track in start.values()):
                start = end
    return {key: sum((end[kind][key] - start[kind][key]) * per_s
                     / (end[kind]['frames'] - start[kind]['frames'])
                     for kind, per_s in FRAMES_PER_S.items())
            for key in ('packets', 'bytes')}


def count(options, rates):
    counts = {}
    for rate in rates:
        # The clip of all other benches has 28 kbit/s more than its name says.
        clip = make_clip(options.build / 'bench', kbps=KBPS if rate == RATE
                         else round(float(rate) * 1000) - SOUND_KBPS)
        second = count_clip(options, clip)
        counts[rate] = {
            'packets_per_s': round(second['packets'], 1),
            'media_mbit': round(second['bytes'] * 8 / 1e6, 3),
            'command': 'tests/bench/scaling.py --count',
            'of': f'H.264, {FPS} frames a second, and Opus, {CLIP_S} s'}
    return counts

# SPDX-License-Identifier: LGPL-2.1-or-later
"""What gateways carry, computed from measured constants. Pure."""

import bisect
import dataclasses
import hashlib
import math
import random
import statistics

# In bytes of each packet: Ethernet with its preamble and gap, IPv4, UDP, RTP,
# the header extension of the playout delay, the tag of AES-GCM.
HEADER_BYTES = 38 + 20 + 8 + 12 + 8 + 16
# What Ethernet, IPv4 and TCP with timestamps add to a full segment of RTMP.
TCP_FACTOR = (1448 + 52 + 38) / 1448

# How much of a machine is planned with. What is left of its cores is for joins
# and for the viewers of an edge that fails, what is left of its port for bursts.
CPU_FILL = 0.6
NIC_FILL = 0.7
# The share of the port at which an edge is full: its max-viewers.
NIC_BRIM = 0.85
# GST_WHEP_MAX_VIEWERS: the highest value of max-viewers, for players, too.
MAX_VIEWERS = 4096
# WHEP_RATE_LIMIT_BURST and WHEP_RATE_LIMIT_RATE: requests from one address.
REQUESTS_BURST = 1000
REQUESTS_PER_S = 100
# docs/directory.md: how often a stream is announced, and looked up.
DIRECTORY_REFRESH_S = 2
DIRECTORY_LOOKUP_S = 1

# Consistent hashing: a stream prefers one edge, then the next on the ring.
RING_POINTS = 16
# Viewers come in rounds, in each of which the streams take turns.
ROUNDS = 8
SEED = 1


@dataclasses.dataclass(frozen=True)
class Machine:
    cores: int
    nic_gbit: float

    def __str__(self):
        return f'{self.cores} cores, {self.nic_gbit:g} Gbit/s'


class Costs:
    """The constants, in terms of a stream of a bit rate."""

    def __init__(self, constants):
        self.cells = constants['cells']
        self.counts = constants['counts']

    def value(self, key):
        return self.cells[key]['value']

    def gateway_curve(self):
        """(viewers, % of a core) of a gateway with one stream."""
        return sorted((cell['viewers'], cell['value'])
                      for cell in self.cells.values() if 'viewers' in cell)

    def gateway_percent(self, n_viewers):
        """Between two measurements, and beyond the last, a straight line."""
        curve = self.gateway_curve()
        at = bisect.bisect_left([n for n, _ in curve], n_viewers)
        at = min(max(at, 1), len(curve) - 1)
        (n0, c0), (n1, c1) = curve[at - 1], curve[at]
        return c0 + (c1 - c0) * (n_viewers - n0) / (n1 - n0)

    def viewer_percents(self):
        """What each viewer adds, by the number of viewers measured."""
        (_, idle), *rest = self.gateway_curve()
        return [(n, (cpu - idle) / n) for n, cpu in rest]

    def packets_per_s(self, rate):
        return self.counts[rate]['packets_per_s']

    def viewer_percent(self, rate):
        """At the measured rate with most viewers, per packet; the same for a
        packet of another rate."""
        return (self.viewer_percents()[-1][1] * self.packets_per_s(rate)
                / self.value('fanout_packets_500') * 500)

    def stream_percents(self):
        """What each further stream adds: the slope of the best straight line,
        the lowest and the highest slope between neighbours."""
        points = sorted((cell['streams'], cell['value'])
                        for cell in self.cells.values() if 'streams' in cell)
        slopes = [(c1 - c0) / (n1 - n0)
                  for (n0, c0), (n1, c1) in zip(points, points[1:])]
        line = statistics.linear_regression(*zip(*points))
        return line.slope, min(slopes), max(slopes)

    def stream_percent(self):
        return self.stream_percents()[0]

    def player_percent(self, rate):
        """What an edge's pull of one stream costs the origin."""
        return ((self.value('play_200') - self.value('play_0'))
                / self.value('play_mbit') * self.media_mbit(rate))

    def media_mbit(self, rate):
        return self.counts[rate]['media_mbit']

    def viewer_mbit(self, rate):
        """On the wire."""
        count = self.counts[rate]
        return (count['media_mbit']
                + count['packets_per_s'] * HEADER_BYTES * 8 / 1e6)

    def pull_mbit(self, rate):
        """On the wire."""
        return self.media_mbit(rate) * TCP_FACTOR


class Edge:
    """What one machine with one gateway carries of a rate, with one stream."""

    def __init__(self, costs, machine, rate):
        self.machine = machine
        wire = costs.viewer_mbit(rate)
        cpu = machine.cores * 100 * CPU_FILL - costs.value('gateway_0')
        self.by_nic = int(machine.nic_gbit * 1000 * NIC_FILL / wire)
        self.by_cpu = int(cpu / costs.viewer_percent(rate))
        self.viewers = min(self.by_nic, self.by_cpu, MAX_VIEWERS)
        self.brim = min(int(machine.nic_gbit * 1000 * NIC_BRIM / wire),
                        MAX_VIEWERS)

    def first_limit(self):
        limits = {'network port': self.by_nic, 'CPU': self.by_cpu,
                  '`max-viewers`': MAX_VIEWERS}
        return min(limits, key=limits.get)


def pulls_of_origin(costs, machine, rate):
    """How many pulls of one stream an origin serves, and what stops more."""
    cpu = machine.cores * 100 * CPU_FILL - costs.value('play_0')
    limits = {
        'network port': int(machine.nic_gbit * 1000 * NIC_FILL
                            / costs.pull_mbit(rate)),
        'CPU': int(cpu / costs.player_percent(rate)),
        '`max-viewers`': MAX_VIEWERS}
    first = min(limits, key=limits.get)
    return limits[first], first


def origins(costs, machine, rate, n_streams, n_pulls):
    """How many origins that many pulls take, if no stream takes more than one
    of them: each stream is published to a single one."""
    cpu = (n_streams * costs.stream_percent()
           + n_pulls * costs.player_percent(rate))
    return max(math.ceil(n_pulls / MAX_VIEWERS),
               math.ceil(cpu / (machine.cores * 100 * CPU_FILL)),
               math.ceil(n_pulls * costs.pull_mbit(rate)
                         / (machine.nic_gbit * 1000 * NIC_FILL)))


def directory_commands(n_gateways, n_streams, n_pulls):
    """A second: gateways and streams are refreshed, pulls are looked up."""
    return round((n_gateways + n_streams) / DIRECTORY_REFRESH_S
                 + n_pulls / DIRECTORY_LOOKUP_S)


def popularity(n_viewers, n_streams):
    """Zipf's law with exponent 1: the second stream has half of the viewers of
    the first, the third a third. Nobody is lost to rounding."""
    weights = [1 / rank for rank in range(1, n_streams + 1)]
    bounds = [0]
    for weight in weights:
        bounds.append(bounds[-1] + weight * n_viewers / sum(weights))
    return [round(high) - round(low) for low, high in zip(bounds, bounds[1:])]


def point(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], 'big')


class Ring:
    def __init__(self, n_edges):
        self.n_edges = n_edges
        self.points = sorted((point(f'edge {edge} {number}'), edge)
                             for edge in range(n_edges)
                             for number in range(RING_POINTS))

    def walk(self, stream):
        """The edges, in the order in which the stream prefers them, but those
        nearby may come again."""
        start = bisect.bisect(self.points, (point(f'stream {stream}'), 0))
        for step in range(len(self.points)):
            yield self.points[(start + step) % len(self.points)][1]


class Placement:
    """Which edge serves which streams to how many viewers."""

    def __init__(self, audiences, n_edges, brim):
        self.brim = brim
        self.viewers = [0] * n_edges
        self.streams = [set() for _ in range(n_edges)]
        self.n_rejected = 0
        ring = Ring(n_edges)
        # An edge that is full stays full, so no path begins again.
        paths = [ring.walk(stream) for stream in range(len(audiences))]
        self.nearest = [next(path) for path in paths]
        order = list(range(len(audiences)))
        shuffler = random.Random(SEED)
        for number in range(ROUNDS):
            shuffler.shuffle(order)
            for stream in order:
                self.add(stream, paths[stream],
                         audiences[stream] * (number + 1) // ROUNDS
                         - audiences[stream] * number // ROUNDS)

    def add(self, stream, path, n_viewers):
        while n_viewers > 0 and self.nearest[stream] is not None:
            edge = self.nearest[stream]
            n_admitted = min(n_viewers, self.brim - self.viewers[edge])
            if n_admitted > 0:
                self.viewers[edge] += n_admitted
                self.streams[edge].add(stream)
                n_viewers -= n_admitted
            if n_viewers > 0:
                self.nearest[stream] = next(path, None)
        self.n_rejected += n_viewers

    def n_pulls(self):
        return sum(map(len, self.streams))

    def busiest_percent(self, costs, rate):
        """Of a core, at the edge that has most to do."""
        return max(costs.value('gateway_0')
                   + max(len(streams) - 1, 0) * costs.stream_percent()
                   + n_viewers * costs.viewer_percent(rate)
                   for n_viewers, streams in zip(self.viewers, self.streams))


def place(costs, machine, rate, n_viewers, n_streams):
    """With as few edges as planned, and more until everybody is admitted and no
    edge lacks CPU time. Returns the number of edges and the placement."""
    edge = Edge(costs, machine, rate)
    audiences = popularity(n_viewers, n_streams)
    n_edges = math.ceil(n_viewers / edge.viewers)
    while n_edges < n_viewers + n_streams:
        placement = Placement(audiences, n_edges, edge.brim)
        if placement.n_rejected == 0 and placement.busiest_percent(
                costs, rate) <= machine.cores * 100 * CPU_FILL:
            return n_edges, placement
        n_edges = math.ceil(n_edges * 1.05)
    raise ValueError(f'{machine}: too few cores for {rate} Mbit/s')

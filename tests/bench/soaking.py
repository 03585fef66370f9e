# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verdict on a long run: whether anything grew, and the curves."""

import json
import statistics

from svg import Chart, Line, Panel

# By then, allocators and caches have reached their size.
WARM_UP_S = 300
# What really leaks keeps growing, by more than this in an hour. The resident
# set fluctuates by some 2 MB here anyway.
BARS = {
    'rss_kb': ('memory', 'kB', 4096),
    'fds': ('open files', '', 1),
    'threads': ('threads', '', 1),
    'cpu_percent': ('CPU', '% of a core', 1),
    'latency_p50_ms': ('latency, median', 'ms', 0.2),
}


def read(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


def fit(samples, key):
    """Least squares: (growth per second, offset)."""
    slope, offset = statistics.linear_regression(
        [s['seconds'] for s in samples], [s[key] for s in samples])
    return slope, offset


def judge(samples):
    """One dict for the whole run; `is_flat` is the verdict."""
    warm = [s for s in samples if s['seconds'] >= WARM_UP_S] or samples
    result = {'bench': 'soak-verdict', 'seconds': samples[-1]['seconds'],
              'viewers': samples[-1]['viewers'],
              'streams': samples[-1]['streams'],
              'connections': samples[-1]['connections'],
              'refused': samples[-1]['refused']}
    is_flat = True
    for key, (_, _, bar) in BARS.items():
        growth = fit(warm, key)[0] * 3600
        result[f'{key}_an_hour'] = round(growth, 3)
        result[f'{key}_mean'] = round(
            statistics.fmean(s[key] for s in warm), 3)
        is_flat = is_flat and growth <= bar
    for key in ('packets', 'lost', 'choked', 'starved'):
        result[key] = sum(s[key] for s in samples)
    # A viewer's full socket reports that it dropped packets, but not which,
    # and a gap shows only with the packet after it.
    calm = [s for s in samples if s['choked'] == 0]
    result['samples'], result['calm_samples'] = len(samples), len(calm)
    result['lost_when_calm'] = sum(s['lost'] for s in calm)
    result['reposts'] = max(s['reposts'] for s in samples)
    is_flat = is_flat and result['lost_when_calm'] == 0 \
        and result['reposts'] == 0
    result['latency_p99_ms_median'] = round(
        statistics.median(s['latency_p99_ms'] for s in warm), 3)
    result['is_flat'] = is_flat
    return result


def write(samples):
    """The verdict as a table."""
    verdict = judge(samples)
    lines = ['| what | mean after five minutes | growth per hour | bar |',
             '|---|---|---|---|']
    for key, (words, unit, bar) in BARS.items():
        lines.append(f"| {words} | {verdict[f'{key}_mean']:.2f} {unit} "
                     f"| {verdict[f'{key}_an_hour']:+.2f} | ≤ {bar} |")
    return '\n'.join(lines) + (
        f"\n\n{verdict['seconds'] / 60:.0f} minutes, {verdict['viewers']} "
        f"viewers, {verdict['streams']} streams, "
        f"{verdict['connections']} publisher connections, "
        f"{verdict['packets']:,} packets. {verdict['calm_samples']} samples "
        f"of {verdict['samples']} saw no viewer's socket overflow; in these, "
        f"{verdict['lost_when_calm']} packets lost. In the others the "
        f"viewers' thread had too little CPU time: {verdict['lost']:,} "
        f"packets lost, of which the viewers' own sockets dropped "
        f"{verdict['choked']:,}. "
        f"{verdict['reposts']} viewers disconnected by the server, "
        f"{verdict['refused']} publishers that had to retry: "
        f"{'flat' if verdict['is_flat'] else '**not flat**'}.\n")


def curve(samples, key, name, scale=1.0):
    minutes = [s['seconds'] / 60 for s in samples]
    line = Line(name, minutes, [s[key] * scale for s in samples])
    warm = [s for s in samples if s['seconds'] >= WARM_UP_S]
    if len(warm) > 2 and key in BARS:
        slope, offset = fit(warm, key)
        line.fit = slope * 60 * scale, offset * scale
        line.fit_from = WARM_UP_S / 60
    return line


def draw(samples):
    """The curves, as SVG."""
    last = samples[-1]
    p99s = sorted(s['latency_p99_ms'] for s in samples)
    return Chart(
        f"{last['viewers']} viewers of {last['streams']} streams, whose "
        'publishers reconnect every minute', 'minutes', [
            Panel('memory, MB', [
                curve(samples, 'rss_kb', 'resident', 1 / 1024),
                curve(samples, 'private_kb', 'private', 1 / 1024)], low=0),
            Panel('last byte of RTMP to last datagram, ms', [
                curve(samples, 'latency_p50_ms', 'median'),
                curve(samples, 'latency_p99_ms', '99 %')], low=0,
                high=1.2 * p99s[int(len(p99s) * 0.98)]),
            Panel('CPU', [
                curve(samples, 'cpu_percent', 'gateway, % of a core'),
                curve(samples, 'machine_percent',
                      'whole machine, % of its cores')], low=0, high=100),
            Panel('open files, threads', [
                curve(samples, 'fds', 'open files'),
                curve(samples, 'threads', 'threads')], low=0),
            Panel('per ten seconds', [
                curve(samples, 'lost', 'packets lost'),
                curve(samples, 'choked',
                      "of these, by the viewers' own sockets"),
                curve(samples, 'reposts', 'viewers disconnected')], low=0,
                high=max(4, *(s['lost'] for s in samples))),
        ]).draw()

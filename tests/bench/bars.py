# SPDX-License-Identifier: LGPL-2.1-or-later
"""The project's own targets ("bars"), next to what rivals reach, and whether
the results meet them."""

import statistics

import tables


def times_limit(results):
    floor = tables.limit_ns(results)
    return [ns / floor for _, ns in tables.viewer_costs(results)[200]]


def viewers_a_core(results):
    costs = tables.viewer_costs(results)
    return [100 / share for share, _ in costs[max(costs)]]


def times_whole(results):
    whole = statistics.median(tables.slices_costs(results, 1))
    return [cost / whole for cost in tables.slices_costs(results, 16)]


def of(name, key, **where):
    """One number per run of this bench; @key may lead into a dict."""
    def values(results):
        rows = [row for row in tables.of_bench(results, name)
                if all(row[k] == v for k, v in where.items())]
        head, _, rest = key.partition('/')
        return [row[head][rest] if rest else row[head] for row in rows]
    return values


def cost_of_players(results, name):
    """What players add, one number per run: % of a core for each Mbit/s that
    all of them together receive, because runs begin anywhere in the clip."""
    rows = tables.by(tables.of_bench(results, name), 'players')
    idle = statistics.median(r['cpu_percent'] for r in rows.get(
        (0,), [{'cpu_percent': 0}]))
    return [(r['cpu_percent'] - idle) / r['mbit_per_s']
            for (n,), group in rows.items() for r in group if n > 0]


def play_times(name):
    def values(results):
        return [ours / theirs for ours, theirs in
                zip(cost_of_players(results, 'play'),
                    cost_of_players(results, name))]
    return values


def http_times(results):
    return [http / rtmp for http, rtmp in
            zip(cost_of_players(results, 'play-http'),
                cost_of_players(results, 'play'))]


def cost_of_recording(results):
    """% of a core for each publisher."""
    return [(with_it['cpu_percent'] - without['cpu_percent']) /
            with_it['streams'] for with_it, without in
            zip(tables.of_bench(results, 'record'),
                tables.of_bench(results, 'record-none'))]


def memory(results):
    return [tables.memory_slope(results)[0]]


# Figure, its benches, rivals, bar, whether more is better, unit, values.
BARS = [
    ('CPU per viewer ÷ the floor of the same run, 200 viewers',
     'fanout limit', 'SRS 5.4, webrtcbin 27', 1.5, False, '', times_limit),
    ('viewers per core, by CPU per viewer', 'fanout limit',
     'SRS 515 (400 seen)', 1800, True, '', viewers_a_core),
    ('CPU per viewer, 16 slices ÷ 1 slice, 200 viewers',
     'slices-1 slices-16', '–', 1.1, False, '', times_whole),
    ('click → first frame callback in Chromium, GOP 10 s, median', 'join',
     'SRS 5.9 s', 120, False, ' ms', of('join', 'first_p50_ms')),
    ('the same, worst', 'join', 'SRS 9.1 s', 300, False, ' ms',
     of('join', 'first_max_ms')),
    ('click → within 100 ms of an earlier viewer, median',
     'join', 'the next key frame', 600, False, ' ms',
     of('join', 'live_p50_ms')),
    ('glass to glass in headless Chromium, median', 'glass', 'SRS 22 ms', 15,
     False, ' ms', of('glass', 'glass_p50_ms')),
    ('the same, 95 %', 'glass', 'SRS 43 ms', 30, False, ' ms',
     of('glass', 'glass_p95_ms')),
    ('last RTMP byte → last datagram, 1 viewer, 99 %', 'hop', '–', 1, False,
     ' ms', of('hop', 'latency_ms/99', viewers=1)),
    ('the same, 500 viewers', 'hop', '–', 20, False, ' ms',
     of('hop', 'latency_ms/99', viewers=500)),
    ('memory per viewer', 'memory', 'SRS 570 KiB, webrtcbin ~900 KiB', 48,
     False, ' KiB', memory),
    ('RTMP: CPU per player ÷ a bare loop of send(), 200 players', 'play', '–',
     1.3, False, '', play_times('play-floor')),
    ('RTMP: CPU per player ÷ nginx, 200 players', 'play play-nginx', '–', 0.5,
     False, '', play_times('play-nginx')),
    ('MP4 over HTTP: CPU per reader ÷ an RTMP player', 'play play-http', '–',
     1.5, False, '', http_times),
    ('RTMP: play → first frame of ffplay, GOP 10 s, worst', 'first', '–', 300,
     False, ' ms', of('first', 'first_max_ms', player='ffplay')),
    ('the same, with -fpsprobesize 0', 'first', '–', 300, False, ' ms',
     of('first', 'first_max_ms', player='ffplay -fpsprobesize 0')),
    ('RTMP: play → first frame of rtmp2src, GOP 10 s, worst', 'first', '–', 300,
     False, ' ms', of('first', 'first_max_ms', player='rtmp2src')),
    ('recording 8 publishers, CPU of a core each', 'record record-none', '–', 2,
     False, ' %', cost_of_recording),
    ('joins per second and core, full DTLS', 'joins', '–', 500, True, '',
     of('joins', 'joins_a_core')),
]


def row(results, bar):
    what, _, rivals, limit, is_more_better, unit, values = bar
    numbers = values(results)
    middle = statistics.median(numbers)
    is_met = middle >= limit if is_more_better else middle <= limit
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    return [what, rivals, f"{'≥' if is_more_better else '≤'} {limit}{unit}",
            tables.spread(numbers, digits, unit), 'yes' if is_met else '**no**']


def write(results):
    names = {r['bench'] for r in results}
    return tables.table('', ['figure', 'rivals', 'bar', 'here', 'met'], [
        row(results, bar) for bar in BARS if set(bar[1].split()) <= names])

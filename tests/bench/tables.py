# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of the benches' results: the median of several runs, with the lowest
and the highest in brackets."""

import re
import statistics


def of_bench(results, name):
    return [r for r in results if r['bench'] == name]


def by(rows, *keys):
    """Groups rows that were measured under the same conditions."""
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def spread(values, digits=2, unit=''):
    """The text of a cell."""
    values = list(values)
    middle = f'{statistics.median(values):.{digits}f}{unit}'
    if len(values) == 1:
        return middle
    return f'{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})'


def column(rows, key, digits=2, unit='', scale=1.0):
    return spread((row[key] * scale for row in rows), digits, unit)


def table(title, heads, rows):
    lines = [f'{title}:', ''] if title else []
    lines += ['| ' + ' | '.join(heads) + ' |', '|' + '---|' * len(heads)]
    lines += ['| ' + ' | '.join(map(str, row)) + ' |' for row in rows]
    return '\n'.join(lines) + '\n'


def write_play(results):
    names = {'play-floor': 'bare loop of send()', 'play': 'gateway, RTMP',
             'play-http': 'gateway, MP4 over HTTP', 'play-nginx': 'nginx, RTMP'}
    return table('players', [
        'server', 'players', 'CPU of a core', 'Mbit/s', 'machine busy'], [
            [text, n, column(rows, 'cpu_percent', 1, ' %'),
             column(rows, 'mbit_per_s', 0),
             column(rows, 'machine_percent', 0, ' %')]
            for name, text in names.items()
            for (n,), rows in by(of_bench(results, name), 'players').items()])


def write_record(results):
    return table('8 publishers, 8 viewers', [
        'MP4', 'CPU of a core', 'latency, median', '99 %', 'lost'], [
            [text, column(rows, 'cpu_percent', 1, ' %'),
             spread((r['latency_ms']['50'] for r in rows), 2, ' ms'),
             spread((r['latency_ms']['99'] for r in rows), 2, ' ms'),
             sum(r['lost'] for r in rows)]
            for text, rows in (
                ('none', of_bench(results, 'record-none')),
                ('recordings', of_bench(results, 'record')),
                ('for HTTP', of_bench(results, 'record-http')),
                ('both', of_bench(results, 'record-both')))])


def write_first(results):
    return table('RTMP: play to first frame', [
        'player', 'plays', 'median', 'worst'], [
            [player, sum(r['plays'] for r in rows),
             column(rows, 'first_p50_ms', 0, ' ms'),
             column(rows, 'first_max_ms', 0, ' ms')]
            for (player,), rows in by(of_bench(results, 'first'),
                                      'player').items()])


def limit_ns(results):
    return median(of_bench(results, 'limit'), 'packet_ns')


def viewer_costs(results):
    """Maps the number of viewers to what each added to the gateway's work:
    lists of (% of a core, ns per packet), one entry per run."""
    groups = by(of_bench(results, 'fanout'), 'viewers')
    if (0,) not in groups:
        return {}
    idle = median(groups.pop((0,)), 'cpu_percent')
    return {n: [((row['cpu_percent'] - idle) / n,
                 (row['cpu_percent'] - idle) * 1e7 / row['packets_per_s'])
                for row in rows]
            for (n,), rows in groups.items()}


def write_limit(results):
    rows = of_bench(results, 'limit')
    seals = by(of_bench(results, 'seal'), 'profile')
    text = table('limit', ['µs per packet', 'seal', 'send', 'runs'], [[
        column(rows, 'packet_ns', scale=1e-3),
        column(rows, 'seal_ns', scale=1e-3),
        column(rows, 'send_ns', scale=1e-3), len(rows)]])
    if seals:
        text += '\n' + table('seal', ['profile', 'ours', 'OpenSSL bare'], [
            [profile, column(group, 'ours_ns', 0, ' ns'),
             column(group, 'openssl_ns', 0, ' ns')]
            for (profile,), group in seals.items()])
    return text


def write_media(results):
    floor = limit_ns(results)
    return table('media thread alone', [
        'viewers', 'CPU of a core', 'µs per packet', '× limit', 'packets/s',
        'delivered', 'lost'], [
            [n, column(rows, 'cpu_percent', 1, ' %'),
             column(rows, 'packet_ns', scale=1e-3),
             column(rows, 'packet_ns', scale=1 / floor),
             column(rows, 'packets_per_s', 0),
             column(rows, 'delivered', 1, ' %', 100),
             sum(r['lost'] for r in rows)]
            for (n,), rows in by(of_bench(results, 'media'),
                                 'viewers').items()])


def write_fanout(results):
    floor = limit_ns(results)
    groups = by(of_bench(results, 'fanout'), 'viewers')
    if (0,) not in groups:
        return ''
    lines = []
    for n, costs in viewer_costs(results).items():
        rows = groups[(n,)]
        lines.append([
            n, column(rows, 'cpu_percent', 1, ' %'),
            spread((c for c, _ in costs), 3, ' %'),
            spread((100 / c for c, _ in costs), 0),
            spread((ns / 1e3 for _, ns in costs)),
            spread(ns / floor for _, ns in costs),
            column(rows, 'packets_per_s', 0),
            sum(r['lost'] for r in rows), sum(r['choked'] for r in rows),
            column(rows, 'machine_percent', 0, ' %')])
    idle = groups.get((0,))
    each = statistics.median(r['packets_per_s'] / n
                             for (n,), rows in groups.items() for r in rows
                             if n > 1)
    title = (f"whole gateway; without viewers "
             f"{column(idle, 'cpu_percent', 1)} % of a core; `limit` itself "
             f'would allow {1e9 / floor / each:.0f} viewers per core at '
             f'{each:.0f} packets/s each')
    return table(title, [
        'viewers', 'CPU of a core', 'CPU per viewer', 'viewers per core',
        'µs per packet', '× limit', 'packets/s', 'lost', 'of these choked',
        'machine busy'], lines)


def slices_costs(results, n_slices):
    """What a viewer of pictures with so many slices costs, in % of a core: one
    entry per run."""
    rows = by(of_bench(results, f'slices-{n_slices}'), 'viewers')
    idle = median(rows.pop((0,)), 'cpu_percent')
    return [(row['cpu_percent'] - idle) / n
            for (n,), group in rows.items() for row in group]


def write_slices(results):
    runs = by(of_bench(results, 'runs'), 'slices', 'payloader')
    text = table('', ['slices', 'payloader', 'packets a picture',
                      'runs a picture', 'bytes a picture', 'of these padding'],
                 [[n, f'`{payloader}`', column(rows, 'packets_each', 1),
                   column(rows, 'runs_each', 1), column(rows, 'bytes_each', 0),
                   column(rows, 'padding_percent', 1, ' %')]
                  for (n, payloader), rows in runs.items()])
    slices = sorted({n for n, _ in runs})
    whole = statistics.median(slices_costs(results, slices[0]))
    return text + '\n' + table('', [
        'slices', 'CPU per viewer', '× 1 slice'], [
            [n, spread(slices_costs(results, n), 3, ' %'),
             spread(cost / whole for cost in slices_costs(results, n))]
            for n in slices])


def write_hop(results, name, title):
    return table(title, [
        'streams', 'viewers', 'lowest', 'median', '90 %', '99 %', '99.9 %',
        'frames', 'lost', 'CPU of a core', 'machine busy'], [
            [streams, viewers,
             *(spread(r['latency_ms'][share] for r in rows)
               for share in ('0', '50', '90', '99', '99.9')),
             sum(r['frames'] for r in rows), sum(r['lost'] for r in rows),
             column(rows, 'cpu_percent', 1, ' %'),
             column(rows, 'machine_percent', 0, ' %')]
            for (streams, viewers), rows in by(
                of_bench(results, name), 'streams', 'viewers').items()])


def memory_slope(results, key='private_kb'):
    rows = of_bench(results, 'memory')
    return statistics.linear_regression(
        [r['viewers'] for r in rows], [r[key] for r in rows])


def write_memory(results):
    groups = by(of_bench(results, 'memory'), 'viewers')
    idle = groups.get((0,))
    if idle is None:
        return ''
    return table(
        f'memory: {memory_slope(results)[0]:.1f} KiB per viewer (private), '
        f"{memory_slope(results, 'pss_kb')[0]:.1f} (PSS)",
        ['viewers', 'private', 'per viewer', 'PSS', 'RSS'], [
            [n, column(rows, 'private_kb', 1, ' MiB', 1 / 1024),
             '–' if n == 0 else spread(
                 ((r['private_kb'] - median(idle, 'private_kb')) / n
                  for r in rows), 1, ' KiB'),
             column(rows, 'pss_kb', 1, ' MiB', 1 / 1024),
             column(rows, 'rss_kb', 1, ' MiB', 1 / 1024)]
            for (n,), rows in groups.items()])


def write_joins(results, name, title):
    return table(title, [
        'viewers', 'CPU per join', 'joins per core and second', 'median',
        '99 %', 'worst', 'all in'], [
            [n, column(rows, 'join_cpu_us', 0, ' µs'),
             column(rows, 'joins_a_core', 0),
             column(rows, 'join_p50_ms', 1, ' ms'),
             column(rows, 'join_p99_ms', 1, ' ms'),
             column(rows, 'join_max_ms', 1, ' ms'),
             column(rows, 'seconds', 1, ' s')]
            for (n,), rows in by(of_bench(results, name),
                                 'viewers').items()])


def write_watch(results):
    return table('viewers of whepbench', [
        'viewers', 'joins a second', 'POST to answer', 'to the first packet',
        'to the first key frame', '99 %', 'worst', 'longest gap', 'lost',
        'resent', 'dropped by their sockets'], [
            [n, f'{rate:g}',
             *(spread((r[key][share] for r in rows), 1, ' ms')
               for key, share in (
                   ('answer_ms', 'p50'), ('first_packet_ms', 'p50'),
                   ('first_key_frame_ms', 'p50'),
                   ('first_key_frame_ms', 'p99'),
                   ('first_key_frame_ms', 'max'), ('longest_gap_ms', 'max'))),
             *(sum(r[key] for r in rows)
               for key in ('lost', 'resends_received', 'choked'))]
            for (n, rate), rows in by(of_bench(results, 'watch'), 'viewers',
                                      'joins_per_s').items()])


def write_join(results):
    return table('click to picture in Chromium', [
        'joins', 'GOP', 'click to first frame', '95 %', 'worst',
        'click to live', 'worst', 'POST to answer'], [
            [sum(r['joins'] for r in rows), f'{gop:g} s',
             *(column(rows, key, 0, ' ms') for key in (
                 'first_p50_ms', 'first_p95_ms', 'first_max_ms',
                 'live_p50_ms', 'live_max_ms', 'answer_p50_ms'))]
            for (gop,), rows in by(of_bench(results, 'join'),
                                   'gop_s').items()])


def write_glass(results):
    rows = of_bench(results, 'glass')
    parts = [('glass', 'glass to glass'),
             ('publisher', "of it, the publisher's encoder and muxer"),
             ('network', 'then until the last packet is in the browser'),
             ('browser', 'then until its frame callback')]
    return table(f"glass to glass, {sum(r['frames'] for r in rows)} frames", [
        'part', 'median', '95 %', '99 %'], [
            [words, *(column(rows, f'{part}_{share}_ms', 1, ' ms')
                      for share in ('p50', 'p95', 'p99'))]
            for part, words in parts])


def write_elements(results):
    rows = [r['elements'] for r in of_bench(results, 'elements')]
    return table('time that a buffer spends in an element', [
        'element, pad', 'buffers', 'median', '99 %'], [
            [name, sum(r[name]['buffers'] for r in rows),
             *(column([r[name] for r in rows], key, 0, ' µs')
               for key in ('p50_us', 'p99_us'))]
            for name in rows[0] if all(name in r for r in rows)])


WRITERS = {
    'limit': write_limit, 'media': write_media, 'fanout': write_fanout,
    'slices': write_slices,
    'hop': lambda r: write_hop(
        r, 'hop', 'last byte of RTMP to last datagram, ms'),
    'elements': write_elements, 'memory': write_memory,
    'joins': lambda r: write_joins(r, 'joins', 'joins, one after another'),
    'storm': lambda r: write_joins(r, 'storm', 'joins, all at once'),
    'watch': write_watch,
    'streams': lambda r: write_hop(
        r, 'streams', 'streams: last byte of RTMP to last datagram, ms'),
    'join': write_join, 'glass': write_glass, 'play': write_play,
    'first': write_first, 'record': write_record}


def write_all(results):
    """Tables by the names of their benches."""
    names = {re.sub('-[0-9]+$', '', r['bench']) for r in results}
    # Ratios need the floor of the same run.
    if 'limit' not in names:
        names -= {'media', 'fanout'}
    return {name: writer(results) for name, writer in WRITERS.items()
            if name in names}

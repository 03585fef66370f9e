# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a buffer stayed in each element, according to GStreamer's own
latency tracer. Writing the trace takes some time, which counts, too."""

import re
import statistics

ENV = {'GST_TRACERS': 'latency(flags=element)', 'GST_DEBUG': 'GST_TRACER:7',
       'GST_DEBUG_NO_COLOR': '1'}
# The numbers at the end distinguish elements of one kind.
LINE = re.compile(r'element-latency, .*element=\(string\)(\w+?)\d*, '
                  r'src=\(string\)(\w+?)(?:_\d+)?, time=\(guint64\)(\d+)')


def read(path):
    """A line of results: by element and pad, in µs."""
    times = {}
    with open(path, encoding='utf-8') as log:
        for line in log:
            found = LINE.search(line)
            if found:
                name = f'{found.group(1)} {found.group(2)}'
                times.setdefault(name, []).append(int(found.group(3)) / 1e3)
    return {'bench': 'elements', 'elements': {
        name: {'buffers': len(all_us),
               'p50_us': round(statistics.median(all_us), 1),
               'p99_us': round(sorted(all_us)[int(len(all_us) * 0.99)], 1)}
        for name, all_us in times.items()}}

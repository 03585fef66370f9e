# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts the results where the docs show them: between the marks
<!-- bench NAME --> and <!-- end --> of docs/*.md, and into docs/*.svg."""

import datetime
import os
import pathlib
import platform
import re

DOCS = pathlib.Path(__file__).resolve().parents[2] / 'docs'
PAGES = ['benchmarks.md', 'latency.md', 'scaling.md']


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as info:
        model = re.search(r'model name\s*: (.*)', info.read()).group(1)
    release = platform.freedesktop_os_release()['PRETTY_NAME']
    return (f'{datetime.date.today()}, {os.cpu_count()} cores of {model}, '
            f'Linux {platform.release().split("-")[0]}, {release}.')


def put(name, text):
    """Returns whether a page has a place for it."""
    mark = f'<!-- bench {name} -->'
    place = re.compile(re.escape(mark) + r'\n.*?<!-- end -->', re.S)
    is_there = False
    for page in PAGES:
        path = DOCS / page
        before = path.read_text('utf-8')
        after = place.sub(
            lambda _: f'{mark}\n{text.strip()}\n<!-- end -->', before)
        is_there = is_there or mark in before
        if after != before:
            path.write_text(after, 'utf-8')
    return is_there


def publish(texts, drawings):
    """@texts and @drawings are keyed by name."""
    missing = [name for name, text in texts.items() if not put(name, text)]
    for name, drawing in drawings.items():
        (DOCS / f'bench-{name}.svg').write_text(drawing, 'utf-8')
    return missing

# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ThreadSanitizer reports, and whom it is about."""

import re

BEGIN = 'WARNING: ThreadSanitizer: '
RACE = BEGIN + 'data race'
# The stack of an access, not those of how its thread and its memory came to be.
ACCESS = re.compile(
    r'^ +(?:previous )?(?:atomic )?(?:read|write) of size.*\n((?: +#\d.*\n?)+)',
    re.M | re.I)
# Meson names sources as the build sees them.
OURS = re.compile(r' \.\./(?:ext|gst|pipelines|plugin|tests|whepbench)\b')


def reports(text):
    """Returns the reports in a program's output that are about this project.

    GLib, GStreamer and the C library are not instrumented: of a race between
    two accesses within them, ThreadSanitizer cannot know which locks and counts
    of references order it."""
    found = [part.strip() for part in re.split('^={18}$', text, flags=re.M)
             if BEGIN in part]
    return [report for report in found if RACE not in report
            or any(map(is_ours, ACCESS.findall(report)))]


def is_ours(stack):
    """Whether our code made the access, itself or by a function of the C
    library, which ThreadSanitizer stands in for."""
    frames = [line for line in stack.splitlines() if '(libtsan' not in line]
    return bool(frames) and OURS.search(frames[0]) is not None

# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ThreadSanitizer reports, and whom it is about."""

import re

BEGIN = 'WARNING: ThreadSanitizer: '
RACE = BEGIN + 'data race'
# Meson names sources as the build sees them.
OURS = re.compile(r' \.\./(?:ext|gst|pipelines|plugin|tests|whepbench)\b')


def reports(text):
    """Returns the reports in a program's output that are about this project.

    GLib, GStreamer and the C library are not instrumented: of a race between
    two of their own accesses, neither of them called by us, ThreadSanitizer
    cannot know which locks order it."""
    found = [part.strip() for part in re.split('^={18}$', text, flags=re.M)
             if BEGIN in part]
    return [report for report in found
            if RACE not in report or OURS.search(accesses(report))]


def accesses(report):
    """The stacks of the two accesses, without those of how their threads and
    their memory came to be."""
    return '\n'.join(
        section for section in re.split(r'\n\s*\n', report)
        if re.search(r'^ +(?:previous )?(?:atomic )?(?:read|write) of size',
                     section, re.M | re.I))

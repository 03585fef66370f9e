# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs cases, which are functions whose names are claims, and reports in
TAP."""

import traceback


def run(cases, names=()):
    """Runs all cases, or those with these names. Returns the exit status."""
    chosen = [case for case in cases if not names or case.__name__ in names]
    n_failed = 0
    for number, case in enumerate(chosen, 1):
        claim = case.__name__.replace('_', ' ')
        try:
            case()
            print(f'ok {number} - {claim}', flush=True)
        except Exception:  # whatever it is, the case has failed
            n_failed += 1
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
            print(f'not ok {number} - {claim}', flush=True)
    print(f'1..{len(chosen)}')
    return int(n_failed > 0 or not chosen)

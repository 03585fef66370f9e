# SPDX-License-Identifier: LGPL-2.1-or-later
"""Packages of PyPI that a test needs."""

import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

# A loaded machine unpacks slowly.
LIMIT_S = 600
HERE = pathlib.Path(__file__).resolve().parent


def pip(*words):
    subprocess.run([sys.executable, '-m', 'pip', words[0], '--quiet',
                    '--disable-pip-version-check', *words[1:]], check=True,
                   timeout=LIMIT_S)


@contextlib.contextmanager
def installed(requirements):
    """Gives the folder. Nowhere in the build: GStreamer looks for plugins
    there."""
    with tempfile.TemporaryDirectory() as folder:
        pip('install', '--root-user-action=ignore', '--no-compile', '--target',
            folder, '--requirement', str(HERE / requirements))
        yield folder


def unpack(folder, requirements, pattern):
    """Adds those files of wheels whose names match: one has thousands of
    others, which would take longer to write than all tests of them."""
    with tempfile.TemporaryDirectory() as wheels:
        pip('download', '--no-deps', '--dest', wheels, '--requirement',
            str(HERE / requirements))
        for path in pathlib.Path(wheels).glob('*.whl'):
            with zipfile.ZipFile(path) as wheel:
                names = [name for name in wheel.namelist()
                         if re.search(pattern, name)]
                wheel.extractall(folder, names)

// SPDX-License-Identifier: LGPL-2.1-or-later
// The unit tests of the player, in one process.
//
//     node --test-reporter=tests/check/player/reporter.mjs \
//       tests/check/player/all.mjs

import './backoff.test.mjs';
import './diagnostics.test.mjs';
import './fmp4.test.mjs';
import './liveedge.test.mjs';
import './mediasource.test.mjs';
import './motion.test.mjs';
import './probe.test.mjs';
import './progress.test.mjs';
import './statistics.test.mjs';
import './way.test.mjs';
import './whep.test.mjs';
import './words.test.mjs';

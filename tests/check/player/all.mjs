// SPDX-License-Identifier: LGPL-2.1-or-later
// The unit tests of the player, in one process.
//
//     node --test-reporter=tests/check/player/reporter.mjs \
//       tests/check/player/all.mjs

import './backoff.test.mjs';
import './diagnostics.test.mjs';
import './feed.test.mjs';
import './fmp4.test.mjs';
import './golive.test.mjs';
import './graphs.test.mjs';
import './icelinks.test.mjs';
import './keys.test.mjs';
import './lipsync.test.mjs';
import './liveedge.test.mjs';
import './mediasource.test.mjs';
import './motion.test.mjs';
import './mover.test.mjs';
import './nalunits.test.mjs';
import './player.test.mjs';
import './preferences.test.mjs';
import './presenter.test.mjs';
import './probe.test.mjs';
import './progress.test.mjs';
import './qrcode.test.mjs';
import './reorderedsession.test.mjs';
import './reordering.test.mjs';
import './reorderworker.test.mjs';
import './rewind.test.mjs';
import './samples.test.mjs';
import './sessionevents.test.mjs';
import './source.test.mjs';
import './sse.test.mjs';
import './standardsession.test.mjs';
import './statistics.test.mjs';
import './stills.test.mjs';
import './streamlist.test.mjs';
import './tiletext.test.mjs';
import './token.test.mjs';
import './tracks.test.mjs';
import './trickle.test.mjs';
import './wallplan.test.mjs';
import './wallsession.test.mjs';
import './way.test.mjs';
import './whep.test.mjs';
import './whepplayer.test.mjs';
import './words.test.mjs';

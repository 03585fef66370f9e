/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes known about a track after it began: see directory.h. From any
 * thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/server-io.h"

G_BEGIN_DECLS

void whep_http_note_format (WhepHttp *http, guint64 id,
    const WhepTrackFormat *format);
void whep_http_note_arrival (WhepHttp *http, guint64 id,
    const WhepArrivalFigures *figures, const WhepUplink *uplink);
void whep_http_note_publisher (WhepHttp *http, guint64 id,
    const WhepPublisher *publisher);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The metrics in Prometheus' text format 0.0.4; docs/whep.md names each. Pure.
 */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/offercounts.h"
#include "ext/whep/http/process.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/media/mediastats.h"
#include "ext/whep/mp4/readerstats.h"

G_BEGIN_DECLS

/* Returns: (transfer full): of the live streams and of all sessions. */
gchar *whep_metrics_of_streams (const WhepDirectory *directory,
    const WhepSessionTable *sessions);
/* Returns: (transfer full): of what viewers have been sent over WebRTC. */
gchar *whep_metrics_of_viewers (const WhepMediaStats *media_stats);
/* Returns: (transfer full): of HTTP readers. */
gchar *whep_metrics_of_readers (const WhepReadersStats *readers);
/* Returns: (transfer full) */
gchar *whep_metrics_of_offers (const WhepOfferCounts *offers);
gchar *whep_metrics_of_process (const WhepProcess *process);

G_END_DECLS

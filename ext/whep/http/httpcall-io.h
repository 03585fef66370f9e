/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other threads ask of the HTTP thread. Each call may come from any
 * thread, waits for the answer, and must return before whep_http_free(). */

#pragma once

#include "ext/whep/http/server-io.h"

G_BEGIN_DECLS

/* See apiendpoint-io.h. */
gboolean whep_http_disconnect_viewer (WhepHttp *http, const gchar *id,
    const gchar *reason);
void whep_http_drain (WhepHttp *http, gint64 after_us);
/* See pulls-io.h; does not wait. */
void whep_http_fail_pull (WhepHttp *http, const gchar *stream);
void whep_http_set_limits (WhepHttp *http, const WhepViewerLimits *limits);
/* Viewers of both kinds; returns whether the server is being drained. */
gboolean whep_http_load (WhepHttp *http, guint *n_viewers);
gchar *whep_http_dup_streams (WhepHttp *http);
gchar *whep_http_dup_viewers (WhepHttp *http, const gchar *stream);

G_END_DECLS

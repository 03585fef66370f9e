/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server-sent events of WHEP (an extension in draft-ietf-wish-whep). Events
 * are the difference between the stream's state and the state that the listener
 * knows, so nothing queues up, however slowly it reads. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The extension's URN and its events. */
#define WHEP_SSE_URN "urn:ietf:params:whep:ext:core:server-sent-events"
#define WHEP_SSE_NAMES "active,inactive,viewercount"
/* Those of a server that has others beside it. */
#define WHEP_SSE_NODE_NAMES WHEP_SSE_NAMES ",reconnect"

/* Longer lists of events are rejected: the longest sensible one is a tenth of
 * this, and a deeply nested one would exhaust the stack. */
#define WHEP_SSE_MAX_BYTES 1024

typedef enum
{
  WHEP_SSE_ACTIVE = 1 << 0,
  WHEP_SSE_INACTIVE = 1 << 1,
  WHEP_SSE_VIEWERCOUNT = 1 << 2,
  WHEP_SSE_RECONNECT = 1 << 3,
} WhepSseTypes;

/* What a listener has subscribed to and what it knows. A new listener has
 * zeroes except for @types. */
typedef struct
{
  WhepSseTypes types;
  gboolean is_told_active;
  gboolean is_told_viewers;
  guint told_viewers;
  gboolean is_told_reconnect;
} WhepSseState;

/* What there is to know. */
typedef struct
{
  gboolean is_active;
  guint n_viewers;
  gboolean must_reconnect; /* it is asked to open another session */
} WhepSseNews;

/* Reads a JSON array of names, ignoring unknown ones. Returns FALSE if it is
 * not an array, or contains arrays or objects. */
gboolean whep_sse_read_types (const gchar *json, gsize size,
    WhepSseTypes *types);

/* Returns: (transfer full) (nullable): the events that bring the listener up to
 * date, as text/event-stream; NULL if nothing has changed. */
gchar *whep_sse_next (WhepSseState *self, const WhepSseNews *news);

G_END_DECLS

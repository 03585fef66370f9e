/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server-sent events of WHEP (draft-ietf-wish-whep's extension): what a
 * listener is told of a stream, as the difference to what it has been told.
 * However slow it reads, nothing queues up. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The extension, and the events that there are. */
#define WHEP_SSE_URN "urn:ietf:params:whep:ext:core:server-sent-events"
#define WHEP_SSE_NAMES "active,inactive,viewercount"

/* A longer list of events is none: the longest that makes sense is a tenth of
 * this, and a deep one would exhaust the stack. */
#define WHEP_SSE_MAX_BYTES 1024

typedef enum
{
  WHEP_SSE_ACTIVE = 1 << 0,
  WHEP_SSE_INACTIVE = 1 << 1,
  WHEP_SSE_VIEWERCOUNT = 1 << 2,
} WhepSseTypes;

/* What a listener wants and what it was told last. Zeroes but for @types are a
 * new one. */
typedef struct
{
  WhepSseTypes types;
  gboolean is_told_active;
  gboolean is_told_viewers;
  guint told_viewers;
} WhepSseState;

/* Reads a JSON array of names; those that we don't know are passed over.
 * Returns FALSE if it is none, or has other arrays or objects in it. */
gboolean whep_sse_read_types (const gchar *json, gsize size,
    WhepSseTypes *types);

/* Returns: (transfer full) (nullable): the events that bring the listener up to
 * date, in the form of text/event-stream; NULL if there is nothing to tell. */
gchar *whep_sse_next (WhepSseState *self, gboolean is_active, guint n_viewers);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one reader of the list of streams knows of it. Its events are the
 * difference to what there is, so nothing queues up, however slowly it reads.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The live streams, each as JSON, sorted by name: shared by all readers. */
GPtrArray *whep_stream_texts_new (void);
/* Both are copied. */
void whep_stream_texts_add (GPtrArray *texts, const gchar *name,
    const gchar *json);
gboolean whep_stream_texts_are_equal (const GPtrArray *a, const GPtrArray *b);
/* Returns: (transfer container): the names, which are owned by @texts. */
GList *whep_stream_texts_names (const GPtrArray *texts);

typedef struct _WhepKnownStreams WhepKnownStreams;

WhepKnownStreams *whep_known_streams_new (void);
void whep_known_streams_free (WhepKnownStreams *self);

/* @visible: (nullable): the names of the streams that the reader may see; NULL
 * for all.
 *
 * Returns: (transfer full) (nullable): the event that brings the reader up to
 * date, as text/event-stream; NULL if nothing has changed. The first one is the
 * whole list. */
gchar *whep_known_streams_update (WhepKnownStreams *self,
    const GPtrArray *texts, GHashTable *visible);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be set on whepsink: its properties that are more than a view of what
 * runs. Embedded in the element, whose object lock guards it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *address;
  guint port;
  gchar *advertise;
  guint max_viewers;
  guint max_viewers_per_address;
  gchar *ice_servers;
  gchar *view_keys;
  gchar *on_watch;
  gchar *publish_url;
  guint n_threads;
  guint max_backlog_bytes;
  guint64 max_backlog_time;
  gboolean latency_tracing;
  guint64 linger;
} GstWhepSettings;

/* Properties of the element's own have ids from here on. */
#define GST_WHEP_SETTINGS_N_PROPS 15

void gst_whep_settings_init (GstWhepSettings *self);
void gst_whep_settings_clear (GstWhepSettings *self);
/* To be called with the lock; @self is cleared in the end, and no lock has to
 * be held while it is read. */
void gst_whep_settings_copy (GstWhepSettings *self,
    const GstWhepSettings *other);

/* Their ids are 1 and up. */
void gst_whep_settings_install (GObjectClass *object_class);
/* Both return FALSE if the id is none of theirs. */
gboolean gst_whep_settings_set (GstWhepSettings *self, guint id,
    const GValue *value);
gboolean gst_whep_settings_get (const GstWhepSettings *self, guint id,
    GValue *value);

G_END_DECLS

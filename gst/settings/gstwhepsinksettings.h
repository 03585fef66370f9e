/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of whepsink, which rtmpwebrtcsink has as well.
 *
 * They are here, below both elements, because neither element may include the
 * other: whepsink keeps its values in the struct; rtmpwebrtcsink installs the
 * same properties, whether or not whepsink is available, and forwards them. */

#pragma once

#include "gst/settings/gstsettings.h"

G_BEGIN_DECLS

/* Limits that parts of whepsink define as well; gstwhepsettings.c compares
 * them. */
#define GST_WHEP_MAX_VIEWERS 4096
#define GST_WHEP_MAX_THREADS 64
#define GST_WHEP_MAX_CONNECTIONS 256
#define GST_WHEP_DEFAULT_BACKLOG_BYTES (16 * 1024 * 1024)
#define GST_WHEP_DEFAULT_BACKLOG_TIME (15 * GST_SECOND)
#define GST_WHEP_DEFAULT_LINGER (15 * GST_SECOND)
#define GST_WHEP_MAX_PULLS 1024

typedef struct
{
  gchar *address;
  guint port;
  gchar *advertise;
  guint max_viewers;
  guint max_viewers_per_address;
  guint max_viewers_per_stream;
  guint max_connections_per_address;
  gchar *ice_servers;
  gchar *view_keys;
  gchar *view_jwt_keys;
  gchar *on_watch;
  gchar *on_event;
  gchar *on_event_secret_file;
  gchar *api_token_file;
  gchar *cors_origins;
  gchar *publish_url;
  gchar *tls_certificate;
  gchar *tls_key;
  gchar *tls_self_signed;
  gboolean https_only;
  guint n_threads;
  guint max_backlog_bytes;
  guint64 max_backlog_time;
  gboolean latency_tracing;
  guint64 linger;
  guint64 max_lag;
  guint64 rewind;
  guint max_rewind_bytes;
  guint64 origin_linger;
  guint max_pulls;
  gchar *node;
  gchar *redirect_to;
} GstWhepSettings;

/* Returns: (transfer none): the table of all of whepsink's properties but
 * "stats". */
const GstSetting *gst_whep_settings_table (void);

G_END_DECLS

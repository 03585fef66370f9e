/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of rtmpserversrc. Embedded in the element, whose object lock
 * guards it. */

#pragma once

#include "gst/settings/gstsettings.h"

G_BEGIN_DECLS

#define GST_RTMP_SERVER_DEFAULT_ADDRESS "::"

/**
 * GstRtmpTakeover:
 * @GST_RTMP_TAKEOVER_REPLACE: it replaces the first, which is disconnected
 * @GST_RTMP_TAKEOVER_REJECT: it is rejected
 *
 * What happens to a second publisher of a stream.
 */
typedef enum
{
  GST_RTMP_TAKEOVER_REPLACE,
  GST_RTMP_TAKEOVER_REJECT,
} GstRtmpTakeover;

#define GST_TYPE_RTMP_TAKEOVER (gst_rtmp_takeover_get_type ())
GType gst_rtmp_takeover_get_type (void);

typedef struct
{
  gchar *address;
  guint port;
  guint max_publishers; /* this and the next may change while running */
  guint idle_timeout_s;
  gint takeover; /* a GstRtmpTakeover */
  gchar *publish_keys;
  gchar *publish_jwt_keys;
  gchar *on_publish;
  gchar *on_event;
  gchar *on_event_secret_file;
  gchar *tls_certificate;
  gchar *tls_key;
  guint tls_port;
  gboolean play;
  guint max_players;
  guint max_players_per_address;
  gchar *play_keys;
  gchar *play_jwt_keys;
  gchar *on_play;
  guint max_backlog_bytes;
  guint64 max_backlog_time;
  guint64 max_lag;
  guint64 linger;
} GstRtmpServerSettings;

/* Returns: (transfer none): of all of the element's properties. */
const GstSetting *gst_rtmp_server_settings_table (void);

G_END_DECLS

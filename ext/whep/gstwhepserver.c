/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The servers of a running whepsink: see gstwhepserver.h. */

#include "ext/whep/gstwhepserver.h"
#include "ext/whep/gstwhepcontrols.h"
#include "ext/whep/gstwhepnews.h"
#include "ext/whep/gstwheppulls.h"
#include "ext/whep/gstwheproom.h"
#include "ext/whep/gstwhepsnapshots.h"
#include "ext/whep/http/certificate-io.h"
#include "gst/access/gstauthorize.h"
#include "gst/journal/gstjournal.h"

/* With port 0, the port that is free on UDP may be in use on TCP, in which case
 * another one is tried. */
#define PORT_TRIES 16

static WhepMedia *
media_new (const GstWhepSettings *settings, GError **error)
{
  const WhepMediaParams params = {
    .address = settings->address,
    .port = settings->port,
    .n_threads = settings->n_threads,
    .limits = {
      .backlog_bytes = settings->max_backlog_bytes,
      .backlog_us = settings->max_backlog_time / GST_USECOND,
      .linger_us = settings->linger / GST_USECOND,
      .rewind_bytes = settings->rewind == 0 ? 0 : settings->max_rewind_bytes,
      .rewind_us = settings->rewind / GST_USECOND,
    },
    .is_tracing = settings->latency_tracing,
  };

  return whep_media_new (&params, error);
}

WhepViewerLimits
gst_whep_server_limits (const GstWhepSettings *settings)
{
  return (WhepViewerLimits){
    .max = settings->max_viewers,
    .max_per_address = settings->max_viewers_per_address,
    .max_per_stream = settings->max_viewers_per_stream,
  };
}

static gchar *
ask_application (const AccessRequest *request, gpointer sink)
{
  return gst_authorize_emit (sink, "authorize-view", request);
}

/* Options that are not given are empty. */
static const gchar *
non_empty (const gchar *text)
{
  return text == NULL || *text == '\0' ? NULL : text;
}

static WhepHttp *
http_new (GstElement *sink, const GstWhepSettings *settings, WhepMedia *media,
    GError **error)
{
  WhepCertificate *certificate = whep_certificate_new (error);
  g_auto (GStrv) advertise = NULL;
  Journal *journal;
  WhepHttpParams params;
  WhepHttp *http;

  if (certificate == NULL)
    return NULL;
  journal = gst_journal_dup (sink);
  if (settings->advertise != NULL)
    advertise = g_strsplit_set (settings->advertise, ", ", -1);
  params = (WhepHttpParams){
    .address = settings->address,
    .port = whep_media_port (media),
    .media_port = whep_media_port (media),
    .advertise = (const gchar *const *) advertise,
    .max_viewers = settings->max_viewers,
    .max_viewers_per_address = settings->max_viewers_per_address,
    .max_viewers_per_stream = settings->max_viewers_per_stream,
    .max_connections_per_address = settings->max_connections_per_address,
    .node = non_empty (settings->node),
    .redirect_to = non_empty (settings->redirect_to),
    .room_func = gst_whep_room_find,
    .room_data = sink,
    .ice_servers = settings->ice_servers,
    .rewind_us = settings->rewind / GST_USECOND,
    .https = {
      .certificate = settings->tls_certificate,
      .key = settings->tls_key,
      .self_signed = settings->tls_self_signed,
      .is_only = settings->https_only,
    },
    .authorizer = {
      .keys = settings->view_keys,
      .jwt_keys = settings->view_jwt_keys,
      .api_tokens = settings->api_token_file,
      .func = ask_application,
      .func_data = sink,
      .hook = settings->on_watch,
    },
    .cors_origins = settings->cors_origins,
    .readers = {
      .limits = {
        .bytes = settings->max_backlog_bytes,
        .time_us = settings->max_backlog_time / GST_USECOND,
        .behind_us = settings->max_lag / GST_USECOND,
      },
      .linger_us = settings->linger / GST_USECOND,
    },
    .news_func = gst_whep_news_post,
    .news_data = sink,
    .snapshot_func = gst_whep_snapshots_ask,
    .snapshot_data = sink,
    .pulls = gst_whep_pulls_params (sink, settings),
    .journal = journal,
    .controls = gst_whep_controls_of (sink),
  };
  http = whep_http_new (&params, media, certificate, error);
  journal_unref (journal);
  whep_certificate_free (certificate);
  return http;
}

gboolean
gst_whep_server_open (GstWhepServer *self, GstElement *sink,
    const GstWhepSettings *settings, GError **error)
{
  for (guint i = 0; i < PORT_TRIES; i++) {
    g_clear_error (error);
    self->media = media_new (settings, error);
    if (self->media == NULL)
      return FALSE;
    self->http = http_new (sink, settings, self->media, error);
    if (self->http != NULL)
      return TRUE;
    whep_media_free (self->media);
    if (settings->port != 0)
      return FALSE;
  }
  return FALSE;
}

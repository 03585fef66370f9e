/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The servers of a running whepsink: see gstwhepserver.h. */

#include "ext/whep/gstwhepserver.h"
#include "ext/whep/gstwhepnews.h"
#include "ext/whep/http/certificate-io.h"
#include "gst/access/gstauthorize.h"

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
    },
    .is_tracing = settings->latency_tracing,
  };

  return whep_media_new (&params, error);
}

static gchar *
ask_application (const AccessRequest *request, gpointer sink)
{
  return gst_authorize_emit (sink, "authorize-view", request);
}

static WhepHttp *
http_new (GstElement *sink, const GstWhepSettings *settings, WhepMedia *media,
    GError **error)
{
  WhepCertificate *certificate = whep_certificate_new (error);
  g_auto (GStrv) advertise = NULL;
  WhepHttpParams params;
  WhepHttp *http;

  if (certificate == NULL)
    return NULL;
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
    .ice_servers = settings->ice_servers,
    .https = {
      .certificate = settings->tls_certificate,
      .key = settings->tls_key,
      .self_signed = settings->tls_self_signed,
      .is_only = settings->https_only,
    },
    .authorizer = {
      .keys = settings->view_keys,
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
  };
  http = whep_http_new (&params, media, certificate, error);
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

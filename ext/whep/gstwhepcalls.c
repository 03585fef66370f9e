/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of a server that may stop: see gstwhepcalls.h. */

#include "ext/whep/gstwhepcalls.h"
#include "ext/whep/http/httpcall-io.h"

void
gst_whep_calls_init (GstWhepCalls *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

void
gst_whep_calls_clear (GstWhepCalls *self)
{
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
}

void
gst_whep_calls_open (GstWhepCalls *self, WhepHttp *http)
{
  g_mutex_lock (&self->lock);
  self->http = http;
  g_mutex_unlock (&self->lock);
}

void
gst_whep_calls_close (GstWhepCalls *self)
{
  g_mutex_lock (&self->lock);
  self->http = NULL;
  while (self->n_calls > 0)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

WhepHttp *
gst_whep_calls_begin (GstWhepCalls *self)
{
  WhepHttp *http;

  g_mutex_lock (&self->lock);
  http = self->http;
  self->n_calls += http != NULL;
  g_mutex_unlock (&self->lock);
  return http;
}

void
gst_whep_calls_end (GstWhepCalls *self)
{
  g_mutex_lock (&self->lock);
  self->n_calls--;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
gst_whep_calls_set_limits (GstWhepCalls *self, const WhepViewerLimits *limits)
{
  WhepHttp *http = gst_whep_calls_begin (self);

  if (http == NULL)
    return;
  whep_http_set_limits (http, limits);
  gst_whep_calls_end (self);
}

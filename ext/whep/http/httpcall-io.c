/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other threads ask of the HTTP thread: see httpcall-io.h. */

#include "ext/whep/http/httpcall-io.h"
#include "ext/whep/http/apiendpoint-io.h"
#include "ext/whep/http/router-io.h"

typedef struct _Call Call;

struct _Call
{
  void (*func) (WhepApiEndpoint *api, Call *call);
  const gchar *name, *reason;
  gint64 after_us;
  WhepRegistry *registry; /* valid in func */
  gboolean is_done;       /* the answer */
  guint n_viewers;        /* likewise */
  gchar *json;            /* likewise */

  GMutex lock;
  GCond cond;
  gboolean is_over; /* guarded by the lock */
};

static void
run (WhepRouter *router, gpointer user_data)
{
  Call *call = user_data;

  call->registry = whep_router_registry (router);
  call->func (whep_router_api (router), call);
}

static void
finish (gpointer user_data)
{
  Call *call = user_data;

  g_mutex_lock (&call->lock);
  call->is_over = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);
}

static void
wait_for (WhepHttp *http, Call *call)
{
  g_mutex_init (&call->lock);
  g_cond_init (&call->cond);
  whep_http_post (http, run, call, finish);
  g_mutex_lock (&call->lock);
  while (!call->is_over)
    g_cond_wait (&call->cond, &call->lock);
  g_mutex_unlock (&call->lock);
  g_cond_clear (&call->cond);
  g_mutex_clear (&call->lock);
}

/* A handler of one of the application's signals may run on the HTTP thread
 * itself. */
static void
make (WhepHttp *http, Call *call)
{
  WhepRouter *own = whep_http_own_router (http);

  if (own != NULL)
    run (own, call);
  else
    wait_for (http, call);
}

static void
disconnect_viewer (WhepApiEndpoint *api, Call *call)
{
  call->is_done =
      whep_api_endpoint_disconnect_viewer (api, call->name, call->reason);
}

gboolean
whep_http_disconnect_viewer (WhepHttp *http, const gchar *id,
    const gchar *reason)
{
  Call call = { .func = disconnect_viewer, .name = id, .reason = reason };

  make (http, &call);
  return call.is_done;
}

static void
drain (WhepApiEndpoint *api, Call *call)
{
  whep_api_endpoint_drain (api, call->after_us);
}

void
whep_http_drain (WhepHttp *http, gint64 after_us)
{
  Call call = { .func = drain, .after_us = after_us };

  make (http, &call);
}

static void
take_limits (WhepRouter *router, gpointer limits)
{
  whep_router_set_limits (router, limits);
}

/* Nobody waits for that. */
void
whep_http_set_limits (WhepHttp *http, const WhepViewerLimits *limits)
{
  whep_http_post (http, take_limits, g_memdup2 (limits, sizeof (*limits)),
      g_free);
}

static void
fail_pull (WhepRouter *router, gpointer stream)
{
  whep_pulls_fail (whep_router_registry (router)->pulls, stream);
}

void
whep_http_fail_pull (WhepHttp *http, const gchar *stream)
{
  whep_http_post (http, fail_pull, g_strdup (stream), g_free);
}

static void
take_load (WhepApiEndpoint *api, Call *call)
{
  call->n_viewers = whep_session_table_count (call->registry->sessions) +
      whep_readers_count (call->registry->readers, NULL, NULL);
  call->is_done = whep_drain_is_on (&call->registry->drain);
}

gboolean
whep_http_load (WhepHttp *http, guint *n_viewers)
{
  Call call = { .func = take_load };

  make (http, &call);
  *n_viewers = call.n_viewers;
  return call.is_done;
}

static void
dup_streams (WhepApiEndpoint *api, Call *call)
{
  call->json = whep_api_endpoint_dup_streams (api);
}

gchar *
whep_http_dup_streams (WhepHttp *http)
{
  Call call = { .func = dup_streams };

  make (http, &call);
  return call.json;
}

static void
dup_viewers (WhepApiEndpoint *api, Call *call)
{
  call->json = whep_api_endpoint_dup_viewers (api, call->name);
}

gchar *
whep_http_dup_viewers (WhepHttp *http, const gchar *stream)
{
  Call call = { .func = dup_viewers, .name = stream };

  make (http, &call);
  return call.json;
}

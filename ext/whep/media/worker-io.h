/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One media thread: its UDP socket, its viewers with all their deadlines, and
 * its view of all streams. A viewer belongs to the worker that its ufrag names.
 * The kernel may hand a viewer's datagrams to another worker's socket: that one
 * forwards them by mailbox. */

#pragma once

#include "ext/whep/media/media-io.h"
#include "ext/whep/media/mediastats.h"
#include "ext/whep/media/message.h"
#include "ext/whep/media/udp-io.h"

G_BEGIN_DECLS

typedef struct _WhepWorker WhepWorker;

/* All workers of one port. Does not change while one of them runs. */
typedef struct
{
  guint n_workers;
  WhepWorker *workers[WHEP_MEDIA_MAX_THREADS];
} WhepWorkerPool;

/* Called on the worker's thread, once a second while there is something to
 * tell; @tally is the worker's. */
typedef void (*WhepWorkerStatsFunc) (guint number,
    const WhepMediaStats *media_stats, gpointer user_data);

typedef struct
{
  const WhepWorkerPool *pool;
  guint number; /* its place in the crew */
  WhepStreamLimits limits;
  WhepMediaListener listener;
  WhepWorkerStatsFunc stats_func;
  gpointer user_data; /* of all */
} WhepWorkerParams;

/* Takes @udp, also when it fails. */
WhepWorker *whep_worker_new (const WhepWorkerParams *params, WhepUdp *udp,
    GError **error);
/* After whep_worker_stop() of the whole crew. */
void whep_worker_free (WhepWorker *self);

void whep_worker_start (WhepWorker *self);
/* Says goodbye to its viewers and joins the thread. */
void whep_worker_stop (WhepWorker *self);

guint whep_worker_n_viewers (const WhepWorker *self);

/* Who owns the viewer of that ufrag. */
guint whep_worker_pool_owner (const WhepWorkerPool *self, const gchar *ufrag);

/* Takes the order. Those that may be lost are offered: FALSE, and the order is
 * freed, when the worker does not keep up. */
void whep_worker_post (WhepWorker *self, WhepMessage *message);
gboolean whep_worker_try_post (WhepWorker *self, WhepMessage *message);

G_END_DECLS

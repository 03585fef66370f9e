/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One media thread: its UDP socket, its viewers with all their deadlines, and
 * its view of all streams. A viewer belongs to the worker that its ufrag maps
 * to. The kernel may deliver a viewer's datagrams to another worker's socket:
 * that worker forwards them through the owner's mailbox. */

#pragma once

#include "ext/whep/media/mediastats.h"
#include "ext/whep/media/udp-io.h"
#include "ext/whep/media/workerpool-io.h"

G_BEGIN_DECLS

typedef struct _WhepWorker WhepWorker;

/* Called on the worker's thread, once a second while there is something to
 * report; @media_stats is owned by the worker. */
typedef void (*WhepWorkerStatsFunc) (guint number,
    const WhepMediaStats *media_stats, gpointer user_data);

typedef struct
{
  const WhepWorkerPool *pool;
  guint number; /* its place in the pool */
  WhepStreamLimits limits;
  WhepMediaListener listener;
  WhepWorkerStatsFunc stats_func;
  gpointer user_data; /* of all callbacks */
} WhepWorkerParams;

/* Takes @udp. */
WhepWorker *whep_worker_new (const WhepWorkerParams *params, WhepUdp *udp);
/* To be called once all workers have been stopped. */
void whep_worker_free (WhepWorker *self);

void whep_worker_start (WhepWorker *self);
/* Closes its viewers and joins the thread. */
void whep_worker_stop (WhepWorker *self);

guint whep_worker_n_viewers (const WhepWorker *self);

G_END_DECLS

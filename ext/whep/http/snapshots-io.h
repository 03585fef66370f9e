/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves GET /snapshot/APP/KEY.jpg: asks the application for a picture, and
 * replies once it has answered. For the HTTP thread, where nothing else is
 * said. */

#pragma once

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/http/problem.h"
#include "ext/whep/http/pulls-io.h"
#include "ext/whep/http/route.h"

G_BEGIN_DECLS

/* A request that the application has not answered after this time is replied to
 * with an error. */
#define WHEP_SNAPSHOTS_TIMEOUT_S 10

typedef struct
{
  GBytes *jpeg; /* owned; NULL: there is none */
  gchar *etag;  /* owned: letters and digits that stand for the bytes */
  /* Without a picture. */
  WhepProblemKind problem;
  gchar *why; /* owned: a sentence for users */
} WhepSnapshotAnswer;

/* A request for a picture. It is the application's until it is answered. */
typedef struct _WhepSnapshotRequest WhepSnapshotRequest;

/* Takes both. May be called by any thread, at any time. */
void whep_snapshot_request_answer (WhepSnapshotRequest *request,
    WhepSnapshotAnswer *answer);

/* Asks the application, which must not block: it calls
 * whep_snapshot_request_answer() at once or later. @width: in pixels; 0: as
 * large as possible. */
typedef void (*WhepSnapshotFunc) (const gchar *stream, guint width,
    WhepSnapshotRequest *request, gpointer user_data);

typedef struct _WhepSnapshots WhepSnapshots;

/* @func: (nullable): NULL: there are no pictures. @authorizer and
 * @pulls outlive it. */
WhepSnapshots *whep_snapshots_new (WhepAuthorizer *authorizer, WhepPulls *pulls,
    WhepSnapshotFunc func, gpointer user_data);
void whep_snapshots_free (WhepSnapshots *self);
/* Replies to the requests that wait, and rejects others. */
void whep_snapshots_close (WhepSnapshots *self);

/* Serves GET and HEAD. */
void whep_snapshots_serve (WhepSnapshots *self, SoupServerMessage *message,
    const WhepRoute *route);

G_END_DECLS

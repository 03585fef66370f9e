/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients that read the list of streams as server-sent events: the whole
 * list, then what changes, at most once a second. Each sees the streams that it
 * may watch, which is decided anew each time. For the HTTP thread. */

#pragma once

#include "ext/whep/http/eventstream-io.h"
#include "ext/whep/http/visibility-io.h"

G_BEGIN_DECLS

/* Each holds a connection. */
#define WHEP_LIST_READERS_MAX 128
/* Of one client, so that it leaves places to others. */
#define WHEP_LIST_READERS_MAX_PER_CLIENT 32

typedef struct
{
  guint tick_ms;    /* how often the list may change */
  gint64 review_us; /* rights are looked at this often, even if it does not */
  WhepEventStreamParams stream;
} WhepListReadersParams;

extern const WhepListReadersParams whep_list_readers_default_params;

/* Returns: (transfer full): the live streams, as of knownstreams.h. */
typedef GPtrArray *(*WhepListFunc) (gpointer user_data);

typedef struct _WhepListReaders WhepListReaders;

/* All must outlive it; @authorizer must be closed before it is freed. */
WhepListReaders *whep_list_readers_new (const WhepListReadersParams *params,
    WhepAuthorizer *authorizer, WhepVisibility *visibility, WhepListFunc func,
    gpointer user_data);
/* Ends all replies. */
void whep_list_readers_free (WhepListReaders *self);

/* Whether the request asks for events. */
gboolean whep_list_readers_are_meant (SoupServerMessage *message);
void whep_list_readers_serve (WhepListReaders *self,
    SoupServerMessage *message);

G_END_DECLS

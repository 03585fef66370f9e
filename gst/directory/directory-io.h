/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory that gateways share: which of them has which stream, and how
 * busy each is. It is in Redis, where what is not refreshed vanishes. One
 * thread talks to Redis; all others post to it and never wait.
 *
 * While Redis is away, or refuses what it is asked, its last answers stay in
 * use; it is tried again, more and more rarely, and its absence and its return
 * are each logged once. Then everything is announced again. */

#pragma once

#include "gst/directory/announcement.h"

#include <glib.h>

G_BEGIN_DECLS

/* Several times in DIRECTORY_TTL_MS, so that a few that are late, or a second
 * in which Redis is away, cost nothing. */
#define DIRECTORY_REFRESH_MS 2000
/* An attempt is one connection; a Redis that restarts is away for a second. */
#define DIRECTORY_RETRY_FIRST_MS 250
#define DIRECTORY_RETRY_LAST_MS 8000
/* Then all gateways have found a Redis that has come back: until then, a stream
 * that it does not know is where it was. */
#define DIRECTORY_SETTLE_MS (DIRECTORY_RETRY_LAST_MS + 2000)
#define DIRECTORY_PASSWORD_MAX_BYTES 512

typedef struct
{
  const gchar *url;           /* as in redisurl.h */
  const gchar *password_file; /* nullable; read for each connection */
  const gchar *address;       /* nullable: where streams are pulled from here:
                               * rtmp:// and this machine's address */
  const gchar *node;          /* nullable: this one's name behind a balancer */
  /* Both are called by the directory's thread and may wait. The port of the
   * RTMP server, or 0 if there is none: */
  guint (*port) (gpointer user_data);
  /* Returns FALSE if it is not known: */
  gboolean (*load) (DirectoryLoad *load, gpointer user_data);
  gpointer user_data;
} DirectoryParams;

typedef struct _Directory Directory;

/* Returns: (nullable): NULL, with the reason in @why, if @params are wrong or
 * there is no Redis in this build. */
Directory *directory_new (const DirectoryParams *params, const gchar **why);
/* Withdraws what was announced, if Redis answers, and waits for the thread. */
void directory_free (Directory *self);

/* A stream is published here, until it is not. From any thread. */
void directory_publish (Directory *self, const gchar *stream);
void directory_unpublish (Directory *self, const gchar *stream);

/* @address: (nullable): another gateway's that has the stream; NULL: none that
 * is known. It was written by anybody. */
typedef void (*DirectoryFoundFunc) (const gchar *address, gpointer user_data);

/* Asks who has a stream; @func is called in @context, unless that ends before.
 * From any thread. */
void directory_find (Directory *self, const gchar *stream,
    GMainContext *context, DirectoryFoundFunc func, gpointer user_data,
    GDestroyNotify destroy);
/* Takes a place for a viewer at the node with the most room. From any thread;
 * does not wait for Redis. Returns: (transfer full) (nullable): its name; NULL
 * if none is known to have room, or this gateway is no node itself. */
gchar *directory_find_room (Directory *self);

G_END_DECLS

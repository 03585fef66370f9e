/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this gateway has to say in Redis: the streams that are published here,
 * and its load. For the directory's thread.
 *
 * Functions that return a number add so many commands, whose replies are to be
 * read. */

#pragma once

#include "gst/directory/directory-io.h"
#include "gst/directory/redis-io.h"

G_BEGIN_DECLS

typedef struct _DirectoryAnnouncer DirectoryAnnouncer;

DirectoryAnnouncer *directory_announcer_new (const DirectoryParams *params);
void directory_announcer_free (DirectoryAnnouncer *self);

/* There is a new connection: our address may be another one. */
void directory_announcer_take_connection (DirectoryAnnouncer *self,
    const DirectoryRedis *redis);
/* Whether an announcement is one of ours, or one that another gateway at our
 * address has left behind. */
gboolean directory_announcer_is_own (const DirectoryAnnouncer *self,
    const DirectoryAnnouncement *announcement);

/* A stream is published here, until it is not. @redis: (nullable): NULL if it
 * is away: then the stream is announced later, or expires. */
guint directory_announcer_publish (DirectoryAnnouncer *self,
    DirectoryRedis *redis, const gchar *stream);
guint directory_announcer_unpublish (DirectoryAnnouncer *self,
    DirectoryRedis *redis, const gchar *stream);
/* The stream's announcement has been accepted. */
void directory_announcer_note (DirectoryAnnouncer *self, const gchar *stream);

/* Announces all streams; all of them have been accepted: */
guint directory_announcer_refresh (DirectoryAnnouncer *self,
    DirectoryRedis *redis);
void directory_announcer_note_all (DirectoryAnnouncer *self);
guint directory_announcer_add_load (DirectoryAnnouncer *self,
    DirectoryRedis *redis);
guint directory_announcer_withdraw_all (DirectoryAnnouncer *self,
    DirectoryRedis *redis);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts the players, per client and in total. Pure; has one owner. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RtmpPlayQuota RtmpPlayQuota;

/* @n_per_client: 0 is no limit. */
RtmpPlayQuota *rtmp_playquota_new (guint n_max, guint n_per_client);
void rtmp_playquota_free (RtmpPlayQuota *self);

/* Counts a player that joins. Returns: (nullable): NULL, or the static reason
 * why there is no room; the player is then not counted. */
const gchar *rtmp_playquota_take (RtmpPlayQuota *self, const gchar *client);
/* To be called when a player has left. */
void rtmp_playquota_release (RtmpPlayQuota *self, const gchar *client);

guint rtmp_playquota_count (const RtmpPlayQuota *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server's replies to the commands of a player, in chunks. All functions
 * append to @out. Pure. */

#pragma once

#include "gst/rtmp/command.h"

G_BEGIN_DECLS

#define RTMP_PLAYREPLY_FAILED "NetStream.Play.Failed"

/* Begins to play @name on @stream_id: appends the chunk size of its tags, the
 * statuses that players wait for, and the message that Flash requires before it
 * gives access to samples. */
void rtmp_playreply_started (GByteArray *out, guint32 stream_id,
    const gchar *name);
/* @code: RTMP_PLAYREPLY_FAILED or another one. */
void rtmp_playreply_failed (GByteArray *out, guint32 stream_id,
    const gchar *code, const gchar *description);
/* The publisher has left for good. */
void rtmp_playreply_ended (GByteArray *out, guint32 stream_id);

void rtmp_playreply_paused (GByteArray *out, guint32 stream_id,
    gboolean is_paused);
/* A live stream has only one position, but a player would stop if its seek were
 * rejected. */
void rtmp_playreply_sought (GByteArray *out, guint32 stream_id);
/* Append nothing if the command expects no reply. */
void rtmp_playreply_length (GByteArray *out, const RtmpCommand *command);
void rtmp_playreply_subscribed (GByteArray *out, const RtmpCommand *command);

G_END_DECLS

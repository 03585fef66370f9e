/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV tags as a publisher's thread makes them, for the tests of players. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each returns: (transfer full): a complete tag. */
GBytes *play_tag_new (guint8 type, guint32 time_ms, gconstpointer payload,
    gsize size);
/* H.264: @n is the last byte, of as many as @size in all. */
GBytes *play_tag_key (guint32 time_ms, guint8 n, gsize size);
GBytes *play_tag_video (guint32 time_ms, guint8 n, gsize size);
GBytes *play_tag_video_header (guint8 n);
/* AAC. */
GBytes *play_tag_audio (guint32 time_ms, guint8 n);
GBytes *play_tag_audio_header (guint8 n);
GBytes *play_tag_metadata (guint8 n);

/* What a tag is, in a letter, and its last byte: "K1", "V2", "A3"; "v4" and
 * "a5" are sequence headers, "m6" metadata. */
void play_tag_describe (GString *out, const guint8 *payload, gsize size,
    guint8 type);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of our FLV files, H.264 and AAC, as the messages that a publisher sends
 * in a loop. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 type; /* of the tag and of the RTMP message: the same */
  guint32 time_ms;
  const guint8 *body;
  gsize size;
  gboolean is_header; /* of the sequence: sent once */
  guint64 key;        /* of a frame: see frametimes.h; 0: none */
} ClipTag;

typedef struct
{
  GBytes *file;
  GArray *tags; /* of ClipTag, in the file's order */
  guint32 duration_ms;
} Clip;

/* Ends the program if there is no such file. */
Clip *clip_load (const gchar *path);
void clip_free (Clip *self);

static inline const ClipTag *
clip_tag (const Clip *self, guint index)
{
  return &g_array_index (self->tags, ClipTag, index);
}

G_END_DECLS

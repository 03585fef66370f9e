/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The message streams of one connection: see messagestreams.h. */

#include "gst/rtmp/messagestreams.h"

#include "gst/rtmp/streamname.h"

void
rtmp_messagestreams_clear (RtmpMessageStreams *self)
{
  g_clear_pointer (&self->key, g_free);
}

guint32
rtmp_messagestreams_create (RtmpMessageStreams *self)
{
  if (self->last_id == RTMP_MESSAGESTREAMS_MAX_ID)
    return 0;
  return ++self->last_id;
}

/* Returns: its index; n_rejected if it has not been rejected. */
static guint
find_rejected (const RtmpMessageStreams *self, guint32 id)
{
  guint i = 0;

  while (i < self->n_rejected && self->rejected[i] != id)
    i++;
  return i;
}

static void
forget_rejected (RtmpMessageStreams *self, guint32 id)
{
  guint i = find_rejected (self, id);

  if (i < self->n_rejected)
    self->rejected[i] = self->rejected[--self->n_rejected];
}

void
rtmp_messagestreams_publish (RtmpMessageStreams *self, guint32 id,
    const gchar *key)
{
  self->id = id;
  g_free (self->key);
  self->key = rtmp_streamname_dup_path (key);
  forget_rejected (self, id);
}

gboolean
rtmp_messagestreams_reject (RtmpMessageStreams *self, guint32 id)
{
  if (id == self->id || rtmp_messagestreams_is_rejected (self, id))
    return TRUE;
  if (self->n_rejected == RTMP_MESSAGESTREAMS_MAX_REJECTED)
    return FALSE;
  self->rejected[self->n_rejected++] = id;
  return TRUE;
}

gboolean
rtmp_messagestreams_is_rejected (const RtmpMessageStreams *self, guint32 id)
{
  return find_rejected (self, id) < self->n_rejected;
}

gboolean
rtmp_messagestreams_is_key (const RtmpMessageStreams *self,
    const RtmpAmf0Value *key)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *path = NULL;

  if (key->type != RTMP_AMF0_STRING || key->size == 0)
    return TRUE;
  text = g_strndup (key->text, key->size);
  path = rtmp_streamname_dup_path (text);
  return g_strcmp0 (path, self->key) == 0;
}

gboolean
rtmp_messagestreams_delete (RtmpMessageStreams *self, const RtmpAmf0Value *id)
{
  gboolean is_created = self->id > 0 && self->id <= self->last_id;

  if (id->type != RTMP_AMF0_NUMBER || !is_created || id->number == self->id)
    return TRUE;
  if (id->number >= 0 && id->number <= RTMP_MESSAGESTREAMS_MAX_ID)
    forget_rejected (self, id->number);
  return FALSE;
}

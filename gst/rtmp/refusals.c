/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that are refused for a while: see refusals.h. */

#include "gst/rtmp/refusals.h"

typedef struct
{
  gchar *name;
  gchar *why;
  gint64 until_us;
} Refusal;

struct _RtmpRefusals
{
  GQueue refusals; /* of Refusal, oldest first */
};

RtmpRefusals *
rtmp_refusals_new (void)
{
  RtmpRefusals *self = g_new0 (RtmpRefusals, 1);

  g_queue_init (&self->refusals);
  return self;
}

static void
free_refusal (gpointer data)
{
  Refusal *self = data;

  g_free (self->name);
  g_free (self->why);
  g_free (self);
}

void
rtmp_refusals_free (RtmpRefusals *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->refusals, free_refusal);
  g_free (self);
}

static void
drop (RtmpRefusals *self, GList *link)
{
  free_refusal (link->data);
  g_queue_delete_link (&self->refusals, link);
}

/* Returns: (nullable): the refusal of @name; drops those that have expired. */
static GList *
find (RtmpRefusals *self, const gchar *name, gint64 now_us)
{
  GList *found = NULL, *next;

  for (GList *link = self->refusals.head; link != NULL; link = next) {
    Refusal *refusal = link->data;

    next = link->next;
    if (refusal->until_us <= now_us)
      drop (self, link);
    else if (g_str_equal (refusal->name, name))
      found = link;
  }
  return found;
}

gboolean
rtmp_refusals_remove (RtmpRefusals *self, const gchar *name, gint64 now_us)
{
  GList *link = find (self, name, now_us);

  if (link != NULL)
    drop (self, link);
  return link != NULL;
}

void
rtmp_refusals_add (RtmpRefusals *self, const gchar *name, const gchar *why,
    gint64 time_us, gint64 now_us)
{
  Refusal *refusal;

  rtmp_refusals_remove (self, name, now_us);
  if (time_us <= 0)
    return;
  if (self->refusals.length == RTMP_REFUSALS_MAX)
    drop (self, self->refusals.head);
  refusal = g_new0 (Refusal, 1);
  refusal->name = g_strdup (name);
  refusal->why = g_strdup (why);
  refusal->until_us = now_us + MIN (time_us, RTMP_REFUSALS_MAX_US);
  g_queue_push_tail (&self->refusals, refusal);
}

gchar *
rtmp_refusals_dup_why (RtmpRefusals *self, const gchar *name, gint64 now_us)
{
  GList *link = find (self, name, now_us);
  const Refusal *refusal;
  gint64 left_us;

  if (link == NULL)
    return NULL;
  refusal = link->data;
  left_us = refusal->until_us - now_us;
  return g_strdup_printf ("refused for %" G_GINT64_FORMAT " s: %s",
      (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, refusal->why);
}

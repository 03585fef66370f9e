/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who comes, goes or is refused, as a line for who runs the gateway. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What strangers say of themselves is cut off there. */
#define ACTIVITY_MAX_TEXT 256

/* An element message of rtmpserversrc, rtmpwebrtcsink or whepsink. What is not
 * known is NULL or 0. */
typedef struct
{
  const gchar *event; /* its name: "viewer-added" */
  const gchar *stream;
  const gchar *address;
  const gchar *agent; /* what encoder or browser it is */
  const gchar *media; /* of a track: "video", "audio" */
  const gchar *codec;
  const gchar *video, *audio; /* what a viewer gets */
  const gchar *reason;
  guint width, height;
  guint rate, channels;
  gboolean has_duration;
  guint64 duration_ns;
  gboolean has_bytes;
  guint64 bytes;
} Activity;

typedef enum
{
  ACTIVITY_UNKNOWN, /* not for people */
  ACTIVITY_DETAIL,  /* for who wants to know all */
  ACTIVITY_NOTICE,
  ACTIVITY_WARNING, /* somebody will miss something */
} ActivityLevel;

ActivityLevel activity_level (const Activity *self);

/* Returns: (transfer full): one line without its end, whatever the names hold.
 * Not for ACTIVITY_UNKNOWN. */
gchar *activity_line (const Activity *self, gboolean with_agent);

/* Returns: (transfer full): the same for a program: what is known, by the names
 * of the message's fields, times in ms. */
JsonObject *activity_fields (const Activity *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers, viewers, tracks and recordings that come, leave or are rejected,
 * as lines for the operator of the gateway. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Texts from clients are truncated to this. */
#define ACTIVITY_MAX_TEXT 256

/* An element message of rtmpserversrc, rtmpwebrtcsink or whepsink. Unknown
 * fields are NULL or 0. */
typedef struct
{
  const gchar *event; /* its name: "viewer-added" */
  const gchar *stream;
  const gchar *address;
  const gchar *agent; /* encoder or browser */
  const gchar *media; /* of a track: "video", "audio" */
  const gchar *codec;
  const gchar *video, *audio; /* what a viewer is sent */
  const gchar *reason;
  const gchar *location; /* of a recording */
  guint width, height;
  guint rate, channels;
  gboolean has_duration;
  guint64 duration_ns;
  gboolean has_bytes;
  guint64 bytes;
  guint n_untold;         /* rejections that were not reported */
  const gchar *id, *time; /* of the event */
  const gchar *viewer;    /* its name in the log */
} Activity;

typedef enum
{
  ACTIVITY_UNKNOWN, /* not shown */
  ACTIVITY_DETAIL,  /* only shown with --verbose */
  ACTIVITY_NOTICE,
  ACTIVITY_WARNING, /* something will be missing */
} ActivityLevel;

ActivityLevel activity_level (const Activity *self);

/* Returns: (transfer full): one line without its line end, whatever the texts
 * contain. Not for ACTIVITY_UNKNOWN. */
gchar *activity_line (const Activity *self, gboolean with_agent);

/* Returns: (transfer full): the same for a program: the known fields, under the
 * names that events have for them (docs/events.md). */
JsonObject *activity_fields (const Activity *self);

G_END_DECLS

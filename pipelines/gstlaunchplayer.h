/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays, pauses and ends one pipeline, and reports on it. Everything runs on
 * the thread of the main loop. */

#pragma once

#include "pipelines/activity.h"

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _LaunchPlayer LaunchPlayer;

typedef enum
{
  LAUNCH_PLAYER_ENDED,   /* everything was played, or the end was requested */
  LAUNCH_PLAYER_FAILED,  /* @text names the element and the cause */
  LAUNCH_PLAYER_LOST,    /* likewise; a server or device that may return */
  LAUNCH_PLAYER_WARNING, /* likewise, but playback continues */
  LAUNCH_PLAYER_PLAYS,   /* for the first time: servers are reachable now */
} LaunchPlayerEvent;

/* After ENDED, FAILED and LOST the player can only be freed. */
typedef void (*LaunchPlayerFunc) (LaunchPlayerEvent event, const gchar *text,
    gpointer user_data);

/* Reports publishers, viewers and tracks of pipelines with our elements. */
typedef void (
    *LaunchPlayerActivityFunc) (const Activity *activity, gpointer user_data);

typedef struct
{
  const gchar *description; /* for gst_parse_launch() */
  gboolean loops;           /* starts over at the end of its files */
  GstClockTime start; /* start position in its files; 0: their beginning */
  guint end_limit_ms; /* for a requested end, which is then cut short */
  LaunchPlayerFunc func;
  LaunchPlayerActivityFunc activity_func;
  gpointer user_data;
} LaunchPlayerParams;

/* Returns: (nullable): a player in its initial state, or NULL with an error
 * that names what cannot be parsed or is not installed. */
LaunchPlayer *launch_player_new (const LaunchPlayerParams *params,
    GError **error);
void launch_player_free (LaunchPlayer *self);

void launch_player_play (LaunchPlayer *self);
void launch_player_pause (LaunchPlayer *self);
/* Lets pending data arrive and disconnects from servers; ENDED follows. */
void launch_player_end (LaunchPlayer *self);

/* Returns: (transfer none) */
GstBin *launch_player_bin (LaunchPlayer *self);

/* GST_CLOCK_TIME_NONE: unknown, as with live sources. */
GstClockTime launch_player_position (LaunchPlayer *self);
GstClockTime launch_player_duration (LaunchPlayer *self);

/* Returns: (transfer full): state, position, streams, viewers. */
JsonObject *launch_player_status (LaunchPlayer *self);
/* Returns: (transfer full) (nullable): the property's value under its name. */
JsonObject *launch_player_get (LaunchPlayer *self, const gchar *element,
    const gchar *property, GError **error);
gboolean launch_player_set (LaunchPlayer *self, const gchar *element,
    const gchar *property, const gchar *value, GError **error);

G_END_DECLS

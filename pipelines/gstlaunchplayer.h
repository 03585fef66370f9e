/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One pipeline that a person plays, pauses and ends, and what it tells. All of
 * it on the thread of the main loop. */

#pragma once

#include "pipelines/activity.h"

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _LaunchPlayer LaunchPlayer;

typedef enum
{
  LAUNCH_PLAYER_ENDED,   /* all has been played, or the end was asked for */
  LAUNCH_PLAYER_FAILED,  /* @text names the element and the cause */
  LAUNCH_PLAYER_LOST,    /* the same: a server or a device, which may be back */
  LAUNCH_PLAYER_WARNING, /* the same, and it goes on */
  LAUNCH_PLAYER_PLAYS,   /* for the first time: who serves others does now */
} LaunchPlayerEvent;

/* After ENDED, FAILED and LOST the player is of no more use but to be freed. */
typedef void (*LaunchPlayerFunc) (LaunchPlayerEvent event, const gchar *text,
    gpointer user_data);

/* Who comes and goes, in a pipeline with our elements. */
typedef void (
    *LaunchPlayerActivityFunc) (const Activity *activity, gpointer user_data);

typedef struct
{
  const gchar *description; /* as gst_parse_launch() takes it */
  gboolean loops;           /* starts over at the end of its files */
  GstClockTime start;       /* where in its files it starts; 0: where they do */
  guint end_limit_ms; /* of an end that is asked for; then it is cut short */
  LaunchPlayerFunc func;
  LaunchPlayerActivityFunc activity_func;
  gpointer user_data;
} LaunchPlayerParams;

/* Returns: (nullable): a player that does nothing yet, or NULL with an error
 * that names what can't be understood or is not installed. */
LaunchPlayer *launch_player_new (const LaunchPlayerParams *params,
    GError **error);
void launch_player_free (LaunchPlayer *self);

void launch_player_play (LaunchPlayer *self);
void launch_player_pause (LaunchPlayer *self);
/* Lets what is under way arrive and says goodbye to servers; ENDED follows. */
void launch_player_end (LaunchPlayer *self);

/* Returns: (transfer none) */
GstBin *launch_player_bin (LaunchPlayer *self);

/* GST_CLOCK_TIME_NONE: not known, as with live sources. */
GstClockTime launch_player_position (LaunchPlayer *self);
GstClockTime launch_player_duration (LaunchPlayer *self);

/* Returns: (transfer full): state, position, streams, viewers. */
JsonObject *launch_player_status (LaunchPlayer *self);
/* Returns: (transfer full) (nullable): the property under its name. */
JsonObject *launch_player_get (LaunchPlayer *self, const gchar *element,
    const gchar *property, GError **error);
gboolean launch_player_set (LaunchPlayer *self, const gchar *element,
    const gchar *property, const gchar *value, GError **error);

G_END_DECLS

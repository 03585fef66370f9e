/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands for a running pipeline: see gstplayercommand.h. */

#include "pipelines/gstplayercommand.h"

#include "pipelines/gstactions.h"
#include "pipelines/gstgrades.h"
#include "pipelines/listing.h"

static JsonObject *
act (GstBin *bin, const ConsoleCommand *command, gchar **lines, GError **error)
{
  g_autoptr (JsonNode) list = gst_actions_do (bin, command, error);
  gboolean is_about_streams = command->verb == CONSOLE_STREAMS;
  JsonObject *fields;

  if (list == NULL)
    return NULL;
  if (lines != NULL) {
    *lines = is_about_streams ? listing_of_streams (list)
                              : listing_of_viewers (list);
    return NULL;
  }
  fields = json_object_new ();
  json_object_set_member (fields, is_about_streams ? "streams" : "viewers",
      g_steal_pointer (&list));
  return fields;
}

static JsonObject *
read_status (LaunchPlayer *player)
{
  JsonObject *fields = launch_player_status (player);
  JsonObject *grades = gst_grades_read (launch_player_bin (player));

  if (grades != NULL)
    json_object_set_object_member (fields, "grades", grades);
  return fields;
}

JsonObject *
gst_player_command (LaunchPlayer *player, const ConsoleCommand *command,
    gchar **lines, GError **error)
{
  switch (command->verb) {
    case CONSOLE_STATUS:
      return read_status (player);
    case CONSOLE_GET:
      return launch_player_get (player, command->element, command->property,
          error);
    case CONSOLE_SET:
      launch_player_set (player, command->element, command->property,
          command->value, error);
      return NULL;
    case CONSOLE_RECORD:
    case CONSOLE_STOP_RECORDING:
    case CONSOLE_KICK:
    case CONSOLE_KICK_VIEWER:
    case CONSOLE_STREAMS:
    case CONSOLE_VIEWERS:
    case CONSOLE_DRAIN:
      return act (launch_player_bin (player), command, lines, error);
    case CONSOLE_NOTHING:
    case CONSOLE_PLAY:
    case CONSOLE_PAUSE:
    case CONSOLE_EXIT:
    case CONSOLE_HELP:
      break;
  }
  g_return_val_if_reached (NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines for a user: see listing.h. */

#include "pipelines/listing.h"

#include "pipelines/printable.h"

#include <string.h>

/* The limit of a text, such as the name that an encoder gives itself. */
#define MAX_CHARACTERS 128

/* Returns: (nullable): the text of that name. */
static const gchar *
text_of (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
      ? json_node_get_string (node)
      : NULL;
}

static gdouble
number_of (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
      ? json_node_get_double (node)
      : 0;
}

/* Returns: (nullable): the object of that name. */
static JsonObject *
object_of (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
      ? json_node_get_object (node)
      : NULL;
}

/* Adds @before and the text, unless that is missing. */
static void
add_text (GString *line, const gchar *before, JsonObject *object,
    const gchar *name)
{
  const gchar *text = text_of (object, name);
  g_autofree gchar *printable = NULL;

  if (text == NULL)
    return;
  printable = printable_from (text, MAX_CHARACTERS);
  g_string_append_printf (line, "%s%s", before, printable);
}

static void
add_address (GString *line, const gchar *before, JsonObject *object)
{
  const gchar *address = text_of (object, "address");
  g_autofree gchar *printable = NULL;

  if (address == NULL)
    return;
  printable = printable_from (address, MAX_CHARACTERS);
  g_string_append_printf (line,
      strchr (printable, ':') != NULL ? "%s[%s]:%.0f" : "%s%s:%.0f", before,
      printable, number_of (object, "port"));
}

static void
add_track (GString *line, JsonObject *stream, const gchar *kind)
{
  JsonObject *track = object_of (stream, kind);

  if (track == NULL)
    return;
  g_string_append_printf (line, ", %s", kind);
  add_text (line, " ", track, "codec");
  if (number_of (track, "width") > 0)
    g_string_append_printf (line, " %.0fx%.0f", number_of (track, "width"),
        number_of (track, "height"));
  if (number_of (track, "bits_per_second") > 0)
    g_string_append_printf (line, " at %.0f kbit/s",
        number_of (track, "bits_per_second") / 1000);
  add_text (line, " (", track, "unplayable");
  if (text_of (track, "unplayable") != NULL)
    g_string_append_c (line, ')');
}

/* Returns: (nullable): the array of that name. */
static JsonArray *
array_of (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
      ? json_node_get_array (node)
      : NULL;
}

/* The grade of the encoder, with the names of the findings. */
static void
add_doctor (GString *line, JsonObject *stream)
{
  JsonObject *doctor = object_of (stream, "doctor");
  JsonArray *findings = doctor != NULL ? array_of (doctor, "findings") : NULL;
  guint n = findings != NULL ? json_array_get_length (findings) : 0;

  if (doctor == NULL)
    return;
  add_text (line, ", grade ", doctor, "grade");
  for (guint i = 0; i < n; i++) {
    JsonNode *finding = json_array_get_element (findings, i);

    if (JSON_NODE_HOLDS_OBJECT (finding))
      add_text (line, i == 0 ? ": " : ", ", json_node_get_object (finding),
          "id");
  }
}

static void
add_stream (GString *line, JsonObject *stream)
{
  JsonObject *publisher = object_of (stream, "publisher");
  gdouble n_viewers = number_of (stream, "viewers");

  add_text (line, "", stream, "name");
  g_string_append_printf (line, ": %.0f %s", n_viewers,
      n_viewers == 1 ? "viewer" : "viewers");
  add_track (line, stream, "video");
  add_track (line, stream, "audio");
  add_doctor (line, stream);
  if (publisher == NULL)
    return;
  add_address (line, ", from ", publisher);
  add_text (line, " by ", publisher, "protocol");
  add_text (line, ", ", publisher, "encoder");
  add_text (line, ", since ", publisher, "since");
}

static void
add_viewer (GString *line, JsonObject *viewer)
{
  add_text (line, "", viewer, "id");
  g_string_append_c (line, ':');
  add_text (line, " ", viewer, "stream");
  add_text (line, ", ", viewer, "state");
  add_address (line, " from ", viewer);
  add_text (line, ", ", viewer, "browser");
  add_text (line, ", ", viewer, "video");
  add_text (line, ", ", viewer, "audio");
  add_text (line, ", ", viewer, "codecs");
  add_text (line, ", over ", viewer, "protocol");
  if (number_of (viewer, "round_trip_us") > 0)
    g_string_append_printf (line, ", round trip %.1f ms, %.0f %% lost",
        number_of (viewer, "round_trip_us") / 1000,
        number_of (viewer, "lost_percent"));
  add_text (line, ", since ", viewer, "since");
}

static gchar *
list_each (JsonNode *list, const gchar *key,
    void (*add) (GString *line, JsonObject *object))
{
  GString *text = g_string_new (NULL);
  JsonArray *array =
      JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_OBJECT (node) ||
        text_of (json_node_get_object (node), key) == NULL)
      continue;
    add (text, json_node_get_object (node));
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

gchar *
listing_of_streams (JsonNode *list)
{
  return list_each (list, "name", add_stream);
}

gchar *
listing_of_viewers (JsonNode *list)
{
  return list_each (list, "id", add_viewer);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The claims of a token: see claims.h. */

#include "gst/access/claims.h"
#include "gst/access/jsonobject.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define ANY '*'

struct _AccessClaims
{
  GStrv publish, watch; /* patterns of names */
  gboolean is_admin;
  gdouble exp, nbf; /* s since 1970 */
};

static const gchar *
string_of (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/* Of a string, or of an array of strings.
 *
 * Returns: (nullable) (transfer full): NULL if it is something else. */
static GStrv
read_names (JsonNode *node)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  JsonArray *array;

  if (string_of (node) != NULL) {
    g_strv_builder_add (names, string_of (node));
    return g_strv_builder_end (names);
  }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  if (json_array_get_length (array) > ACCESS_CLAIMS_MAX_NAMES)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const gchar *name = string_of (json_array_get_element (array, i));

    if (name == NULL)
      return NULL;
    g_strv_builder_add (names, name);
  }
  return g_strv_builder_end (names);
}

/* Leaves @names alone if there is no such claim. */
static gboolean
take_names (JsonObject *claims, const gchar *name, GStrv *names)
{
  JsonNode *node = json_object_get_member (claims, name);

  if (node == NULL)
    return TRUE;
  g_strfreev (*names);
  *names = read_names (node);
  return *names != NULL;
}

static gboolean
take_time (JsonObject *claims, const gchar *name, gdouble *time_s)
{
  JsonNode *node = json_object_get_member (claims, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 &&
          json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return FALSE;
  *time_s = json_node_get_double (node);
  return TRUE;
}

static gboolean
take_admin (JsonObject *claims, gboolean *is_admin)
{
  JsonNode *node = json_object_get_member (claims, "admin");

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *is_admin = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
is_for_us (JsonObject *claims)
{
  g_auto (GStrv) audience = NULL;

  if (!json_object_has_member (claims, "aud"))
    return TRUE;
  return take_names (claims, "aud", &audience) &&
      g_strv_contains ((const gchar *const *) audience, ACCESS_CLAIMS_AUDIENCE);
}

static gboolean
take_claims (AccessClaims *self, JsonObject *claims)
{
  return is_for_us (claims) && take_names (claims, "publish", &self->publish) &&
      take_names (claims, "watch", &self->watch) &&
      take_admin (claims, &self->is_admin) &&
      take_time (claims, "exp", &self->exp) &&
      take_time (claims, "nbf", &self->nbf);
}

AccessClaims *
access_claims_parse (const gchar *text, gsize size)
{
  g_autoptr (JsonNode) root = size <= ACCESS_CLAIMS_MAX_BYTES
      ? access_json_load_object (text, size)
      : NULL;
  AccessClaims *self;

  if (root == NULL)
    return NULL;
  self = g_new0 (AccessClaims, 1);
  self->exp = INFINITY;
  self->nbf = -INFINITY;
  if (!take_claims (self, json_node_get_object (root)))
    g_clear_pointer (&self, access_claims_free);
  return self;
}

void
access_claims_free (AccessClaims *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->publish);
  g_strfreev (self->watch);
  g_free (self);
}

/* RFC 7519 sections 4.1.4 and 4.1.5. */
gboolean
access_claims_is_current (const AccessClaims *self, gint64 now_s)
{
  return now_s < self->exp + ACCESS_CLAIMS_LEEWAY_S &&
      now_s >= self->nbf - ACCESS_CLAIMS_LEEWAY_S;
}

static gboolean
matches (const gchar *pattern, const gchar *stream)
{
  gsize size = strlen (pattern);

  if (size > 0 && pattern[size - 1] == ANY)
    return strncmp (pattern, stream, size - 1) == 0;
  return strcmp (pattern, stream) == 0;
}

static gboolean
match (const GStrv patterns, const gchar *stream)
{
  for (guint i = 0; patterns != NULL && patterns[i] != NULL; i++)
    if (matches (patterns[i], stream))
      return TRUE;
  return FALSE;
}

gboolean
access_claims_may_publish (const AccessClaims *self, const gchar *stream)
{
  return match (self->publish, stream);
}

gboolean
access_claims_may_watch (const AccessClaims *self, const gchar *stream)
{
  return match (self->watch, stream);
}

gboolean
access_claims_is_admin (const AccessClaims *self)
{
  return self->is_admin;
}

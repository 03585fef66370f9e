/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pages of other origins may read replies: see cors.h. */

#include "ext/whep/http/cors.h"

#define ANY "*"

struct _WhepCors
{
  GStrv origins; /* empty: not set */
  gboolean is_any;
};

/* RFC 6454 section 6.2: scheme, host and port, and nothing else. */
static gboolean
is_origin (const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const gchar *scheme, *host;

  if (uri == NULL)
    return FALSE;
  scheme = g_uri_get_scheme (uri);
  host = g_uri_get_host (uri);
  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https")) &&
      host != NULL && *host != '\0' && *g_uri_get_path (uri) == '\0' &&
      g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL &&
      g_uri_get_fragment (uri) == NULL;
}

static gboolean
check (GStrv origins, GError **error)
{
  if (g_strv_length (origins) > WHEP_CORS_MAX_ORIGINS) {
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED, "more than %d origins",
        WHEP_CORS_MAX_ORIGINS);
    return FALSE;
  }
  for (guint i = 0; origins[i] != NULL; i++) {
    g_strstrip (origins[i]);
    if (g_str_equal (origins[i], ANY) || is_origin (origins[i]))
      continue;
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED,
        "“%s” is not an origin, such as https://host", origins[i]);
    return FALSE;
  }
  return TRUE;
}

WhepCors *
whep_cors_new (const gchar *origins, GError **error)
{
  WhepCors *self = g_new0 (WhepCors, 1);

  self->origins = g_strsplit (origins == NULL ? "" : origins, ",", -1);
  if (!check (self->origins, error)) {
    whep_cors_free (self);
    return NULL;
  }
  self->is_any = g_strv_contains ((const gchar *const *) self->origins, ANY);
  return self;
}

void
whep_cors_free (WhepCors *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->origins);
  g_free (self);
}

static gboolean
is_set (const WhepCors *self)
{
  return self->origins[0] != NULL;
}

const gchar *
whep_cors_allow (const WhepCors *self, const gchar *origin,
    gboolean is_for_players)
{
  if (self->is_any || (!is_set (self) && is_for_players))
    return ANY;
  if (origin == NULL)
    return NULL;
  return g_strv_contains ((const gchar *const *) self->origins, origin) ? origin
                                                                        : NULL;
}

gboolean
whep_cors_varies (const WhepCors *self)
{
  return is_set (self) && !self->is_any;
}

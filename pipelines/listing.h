/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in lines for a user, from the JSON of /api/v1. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a line for each; @list is any JSON, of which what
 * is not a stream or a viewer is left out. Nothing in it can control a
 * terminal. */
gchar *listing_of_streams (JsonNode *list);
gchar *listing_of_viewers (JsonNode *list);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads JSON of a peer, and keeps from json-glib what it cannot take: it
 * recurses, so that a thread's stack ends, it leaks a value that another one
 * follows, and it reads to the first NUL. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* More than any document has that is meant for us: the objects and arrays in
 * all. */
#define ACCESS_JSON_MAX_BRACKETS 256

/* Returns: (transfer full) (nullable): the node of the single object that @text
 * is, without comments; NULL if it is anything else. */
JsonNode *access_json_load_object (const gchar *text, gsize size);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of JSON objects, as all replies write them. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @value: (nullable): nothing is added then. */
void whep_json_add_text (JsonBuilder *builder, const gchar *name,
    const gchar *value);
void whep_json_add_number (JsonBuilder *builder, const gchar *name,
    gint64 value);

/* Returns: (transfer full): the complete document. */
gchar *whep_json_to_text (JsonBuilder *builder);

G_END_DECLS

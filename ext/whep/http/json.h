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
/* Rounded to 1/64, which few digits write exactly. */
void whep_json_add_real (JsonBuilder *builder, const gchar *name,
    gdouble value);

/* Returns: (transfer full): the time in ISO 8601, in seconds. */
gchar *whep_json_time (gint64 wall_us);

/* Returns: (transfer full): the complete document. */
gchar *whep_json_to_text (JsonBuilder *builder);

G_END_DECLS

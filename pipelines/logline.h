/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of the log on stderr: for people, or as JSON for programs. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  LOGLINE_NONE, /* not asked for: text, unless stdout has it as JSON */
  LOGLINE_TEXT,
  LOGLINE_JSON,
} LoglineForm;

typedef enum
{
  LOGLINE_INFO,
  LOGLINE_WARNING,
  LOGLINE_ERROR,
} LoglineLevel;

/* Returns FALSE if there is no form of that name. */
gboolean logline_form_named (const gchar *name, LoglineForm *form);

/* @now_us: since 1970, for what has no `time` of its own in @fields
 * (nullable).
 *
 * Returns: (transfer full): the line with its end, whatever @text contains. */
gchar *logline_new (LoglineForm form, LoglineLevel level, const gchar *event,
    const gchar *text, JsonObject *fields, gint64 now_us);

G_END_DECLS

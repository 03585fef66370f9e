/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bodies of requests to /api/v1: JSON objects whose members are numbers
 * within limits. Pure. */

#pragma once

#include "ext/whep/http/problem.h"

#include <glib.h>

G_BEGIN_DECLS

/* A number that a request may set. */
typedef struct
{
  const gchar *name; /* of the member */
  guint64 min, max;
  guint64 value;
  gboolean is_set; /* by the last body */
} WhepApiNumber;

/* Sets the @n_numbers numbers that the body names; (nullable): NULL if it is
 * empty. Sets none, and returns FALSE with the problem and a (transfer full)
 * sentence about it, unless the body is an object that names only those, with
 * values within their limits. */
gboolean whep_api_body_parse (const gchar *body, gsize size,
    WhepApiNumber *numbers, guint n_numbers, WhepProblemKind *problem,
    gchar **detail);

/* Returns: (transfer full): the numbers as an object in JSON. */
gchar *whep_api_body_write (const WhepApiNumber *numbers, guint n_numbers);

G_END_DECLS

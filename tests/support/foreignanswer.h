/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer, the answer of a server that is not ours, and its variants, for the
 * judge in whepbench/sdpcheck.h. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One way in which the answer differs; an empty @from adds a line to the
 * end. */
typedef struct
{
  const gchar *why;
  const gchar *from, *to;
  const gchar *clause; /* that it breaks; NULL: none */
} ForeignVariant;

/* Fails the test if the judge finds anything else. */
void foreign_variant_check (const ForeignVariant *self);

const gchar *foreign_answer (void);

G_END_DECLS

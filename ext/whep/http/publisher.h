/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who publishes a stream, as upstream says. For administrators only. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *id;
  gchar *address; /* of its IP */
  guint port;
  gchar *encoder; /* nullable: unknown */
  gchar *protocol;
  gint64 since_us; /* wall clock */
} WhepPublisher;

/* Returns: (transfer full) (nullable): NULL for NULL. */
WhepPublisher *whep_publisher_copy (const WhepPublisher *self);
void whep_publisher_free (WhepPublisher *self);

G_END_DECLS

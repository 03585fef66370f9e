/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file as HTTP serves it: its bytes, the same compressed, and the entity tags
 * of both. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *content_type;
  GBytes *bytes;
  GBytes *gzipped; /* NULL if that would not be smaller */
  /* Each stands for its bytes (RFC 9110 section 8.8.3.3). */
  gchar *etag, *gzipped_etag;
} WhepRepresentation;

/* @content_type: static; takes @bytes. */
WhepRepresentation *whep_representation_new (const gchar *content_type,
    GBytes *bytes);
void whep_representation_free (WhepRepresentation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhepRepresentation, whep_representation_free)

G_END_DECLS

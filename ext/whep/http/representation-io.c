/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Representations of files: see representation-io.h. */

#include "ext/whep/http/representation-io.h"

/* Of zlib; a higher one takes longer, for a hundredth of the bytes. */
#define LEVEL 6
/* Of the SHA-256 in hexadecimal digits: no two versions of a file share it. */
#define TAG_LENGTH 16

/* Returns: (transfer full) (nullable) */
static GBytes *
compress (GBytes *bytes)
{
  g_autoptr (GConverter) gzip = G_CONVERTER (
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL));
  gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *out = g_malloc (size + 1);
  gsize n_read, n_written;

  /* Of the size of the input: what does not fit is not smaller. */
  if (g_converter_convert (gzip, g_bytes_get_data (bytes, NULL), size, out,
          size, G_CONVERTER_INPUT_AT_END, &n_read, &n_written,
          NULL) != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new (out, n_written);
}

WhepRepresentation *
whep_representation_new (const gchar *content_type, GBytes *bytes)
{
  WhepRepresentation *self = g_new0 (WhepRepresentation, 1);
  g_autofree gchar *sum =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  self->content_type = content_type;
  self->bytes = bytes;
  self->gzipped = compress (bytes);
  self->etag = g_strndup (sum, TAG_LENGTH);
  self->gzipped_etag = g_strconcat (self->etag, "gzip", NULL);
  return self;
}

void
whep_representation_free (WhepRepresentation *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_clear_pointer (&self->gzipped, g_bytes_unref);
  g_free (self->etag);
  g_free (self->gzipped_etag);
  g_free (self);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a killed process leaves playable: it grows by batches of whole
 * MP4 boxes, each of which is in it as a whole or not at all.
 *
 * It gets its name once it holds the first batch, in one step, where the file
 * system has files without a name; elsewhere just before. A batch that is being
 * written later is a box to skip ("free", which may end behind the end of the
 * file) until all of it is there: ffmpeg rejects a file that ends within a
 * "tfhd" or "trun". */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Does as write(2); tests replace it. */
typedef gssize (*RecordWriteFunc) (int fd, const void *data, gsize size);

typedef struct
{
  gint fd;         /* -1: not open */
  gchar *path;     /* the one that is wanted, until it has a name */
  guint64 n_bytes; /* of whole batches */
  gboolean is_named;
  RecordWriteFunc write;
} RecordAtomicFile;

void record_atomic_file_init (RecordAtomicFile *self, RecordWriteFunc write);
/* Never an existing file, nor a symbolic link: if there is one at @path, the
 * file's name has a number. Folders are created. Returns FALSE with errno if
 * that fails. */
gboolean record_atomic_file_open (RecordAtomicFile *self, const gchar *path);
/* Adds whole boxes; changes @batch until it returns. Returns FALSE with errno,
 * which is 0 if nothing was written without an error; the file then ends with
 * the batch before. */
gboolean record_atomic_file_append (RecordAtomicFile *self, GByteArray *batch);
/* A file without a batch is not left behind. Its path is kept. */
void record_atomic_file_close (RecordAtomicFile *self);
void record_atomic_file_clear (RecordAtomicFile *self);

G_END_DECLS

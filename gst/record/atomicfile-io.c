/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that are playable at any time: see atomicfile-io.h. */

#include "gst/record/atomicfile-io.h"

#include "gst/record/location.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0755
#define FILE_MODE 0644
#define FIRST_NUMBER 2
/* Of a box: its size and its type. */
#define BOX_HEADER_BYTES 8
#define LINK_BYTES 32

void
record_atomic_file_init (RecordAtomicFile *self, RecordWriteFunc write)
{
  *self = (RecordAtomicFile){ .fd = -1, .write = write };
}

/* Returns what is not negative once it was possible, or -1 with errno. */
typedef gint (*NameFunc) (const RecordAtomicFile *self, const gchar *path);

/* Opens the file under its name. */
static gint
create (const RecordAtomicFile *self, const gchar *path)
{
  return open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
      FILE_MODE);
}

/* Gives the open file, which has no name, one. */
static gint
name (const RecordAtomicFile *self, const gchar *path)
{
  gchar link[LINK_BYTES];

  g_snprintf (link, sizeof link, "/proc/self/fd/%d", self->fd);
  return linkat (AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/* With a number in its path, if there is such a file already. */
static gint
find_name (RecordAtomicFile *self, NameFunc func)
{
  g_autofree gchar *first = g_strdup (self->path);
  gint result = func (self, first);

  for (guint number = FIRST_NUMBER;
       result < 0 && errno == EEXIST && number < RECORD_LOCATION_MAX_NUMBER;
       number++) {
    g_free (self->path);
    self->path = record_location_number (first, number);
    result = func (self, self->path);
  }
  self->is_named = result >= 0;
  return result;
}

gboolean
record_atomic_file_open (RecordAtomicFile *self, const gchar *path)
{
  g_autofree gchar *folder = g_path_get_dirname (path);

  record_atomic_file_clear (self);
  self->path = g_strdup (path);
  if (g_mkdir_with_parents (folder, FOLDER_MODE) < 0)
    return FALSE;
#ifdef O_TMPFILE
  self->fd = open (folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, FILE_MODE);
#endif
  /* Not every file system has files without a name. */
  if (self->fd < 0)
    self->fd = find_name (self, create);
  return self->fd >= 0;
}

static gboolean
write_all (RecordAtomicFile *self, const GByteArray *batch)
{
  gsize n = 0;

  while (n < batch->len) {
    gssize n_now;

    errno = 0;
    n_now = self->write (self->fd, batch->data + n, batch->len - n);
    if (n_now < 0 && errno == EINTR)
      continue;
    if (n_now <= 0)
      return FALSE;
    n += n_now;
  }
  return TRUE;
}

/* Where a file cannot get a name later, it is written under its name. */
static gboolean
write_first (RecordAtomicFile *self, const GByteArray *batch)
{
  if (!write_all (self, batch))
    return FALSE;
  if (self->is_named || find_name (self, name) >= 0)
    return TRUE;
  if (errno == EEXIST || errno == ENOSPC)
    return FALSE;
  close (self->fd);
  self->fd = find_name (self, create);
  return self->fd >= 0 && write_all (self, batch);
}

/* All of it follows what players skip; the last step makes that the first box.
 */
static gboolean
write_next (RecordAtomicFile *self, GByteArray *batch)
{
  const guint32 size = GUINT32_TO_BE (batch->len);
  guint8 header[BOX_HEADER_BYTES];
  gboolean is_written;

  g_assert (batch->len >= BOX_HEADER_BYTES);
  memcpy (header, batch->data, sizeof header);
  memcpy (batch->data, &size, sizeof size);
  memcpy (batch->data + 4, "free", 4);
  is_written = write_all (self, batch);
  memcpy (batch->data, header, sizeof header);
  return is_written &&
      pwrite (self->fd, header, sizeof header, self->n_bytes) == sizeof header;
}

gboolean
record_atomic_file_append (RecordAtomicFile *self, GByteArray *batch)
{
  gint error;

  if (batch->len == 0)
    return TRUE;
  if (self->n_bytes == 0 ? write_first (self, batch)
                         : write_next (self, batch)) {
    self->n_bytes += batch->len;
    return TRUE;
  }
  error = errno;
  if (self->fd >= 0 && ftruncate (self->fd, self->n_bytes) < 0)
    g_debug ("%s cannot be shortened", self->path);
  errno = error;
  return FALSE;
}

void
record_atomic_file_close (RecordAtomicFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->is_named && self->n_bytes == 0)
    unlink (self->path);
  self->is_named = FALSE;
}

void
record_atomic_file_clear (RecordAtomicFile *self)
{
  record_atomic_file_close (self);
  g_clear_pointer (&self->path, g_free);
  self->n_bytes = 0;
}

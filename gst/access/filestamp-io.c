/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects whether a file has changed: see filestamp-io.h. */

#include "gst/access/filestamp-io.h"

#include <errno.h>
#include <string.h>

gboolean
access_filestamp_take (AccessFileStamp *self, const gchar *path, GError **error)
{
  if (g_stat (path, &self->seen) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "“%s”: %s",
      path, g_strerror (errno));
  memset (self, 0, sizeof *self);
  return FALSE;
}

gboolean
access_filestamp_equal (const AccessFileStamp *a, const AccessFileStamp *b)
{
  return a->seen.st_ino == b->seen.st_ino && a->seen.st_dev == b->seen.st_dev &&
      a->seen.st_size == b->seen.st_size &&
      a->seen.st_mtim.tv_sec == b->seen.st_mtim.tv_sec &&
      a->seen.st_mtim.tv_nsec == b->seen.st_mtim.tv_nsec;
}

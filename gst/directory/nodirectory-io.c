/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory without hiredis: see directory-io.h. There never is one. */

#include "gst/directory/directory-io.h"

Directory *
directory_new (const DirectoryParams *params, const gchar **why)
{
  *why = "this build has no client of Redis (hiredis)";
  return NULL;
}

void
directory_free (Directory *self)
{
}

void
directory_publish (Directory *self, const gchar *stream)
{
}

void
directory_unpublish (Directory *self, const gchar *stream)
{
}

void
directory_find (Directory *self, const gchar *stream, GMainContext *context,
    DirectoryFoundFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_assert_not_reached ();
}

gchar *
directory_find_room (Directory *self)
{
  g_assert_not_reached ();
}

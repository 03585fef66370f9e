/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders of a test: see folder.h. */

#include "tests/support/folder.h"

#include <glib/gstdio.h>

void
folder_remove (const gchar *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree gchar *below = g_build_filename (path, name, NULL);

    folder_remove (below);
  }
  g_remove (path);
}

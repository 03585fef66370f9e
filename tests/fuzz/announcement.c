/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read from Redis can be written there again. */

#include "gst/directory/announcement.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  DirectoryAnnouncement found, again;

  if (directory_announcement_decode (&found, (const gchar *) data, size)) {
    g_autofree gchar *text =
        directory_announcement_encode (found.gateway, found.address);

    g_assert (text != NULL);
    g_assert (directory_announcement_decode (&again, text, strlen (text)));
    g_assert (g_str_equal (again.gateway, found.gateway));
    g_assert (g_str_equal (again.address, found.address));
    directory_announcement_clear (&again);
  }
  directory_announcement_clear (&found);
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of browsers: see browseroffer.h. */

#include "tests/support/browseroffer.h"

gchar *
browser_offer_load (const gchar *name)
{
  g_autofree gchar *file = g_strconcat (name, ".sdp", NULL);
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "offers", file, NULL);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

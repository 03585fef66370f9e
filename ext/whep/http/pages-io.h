/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the web pages, which are compiled in. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer full): a file that a page loads, and its type;
 * NULL if there is no such file. */
GBytes *whep_pages_asset (const gchar *name, const gchar **content_type);

/* Returns: (transfer full): a page whose links are relative to @root; @name is
 * "index.html" or "watch.html". */
gchar *whep_pages_html (const gchar *name, const gchar *root);

G_END_DECLS

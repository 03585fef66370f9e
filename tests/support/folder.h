/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders of a test. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* With all that is in it. */
void folder_remove (const gchar *path);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the URL that the streamer publishes to. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer full): what is wrong with @url as a URL to
 * publish to, for the user; NULL if it has the form
 * rtmp[s]://[USER:PASSWORD@]HOST[:PORT]/APP/KEY. */
gchar *publish_url_fault (const gchar *url);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the streamer publishes to. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer full): what is wrong with @url as an address to
 * publish to, in words for who typed it; NULL if it is
 * rtmp[s]://[USER:PASSWORD@]HOST[:PORT]/APP/KEY. */
gchar *publish_url_fault (const gchar *url);

G_END_DECLS

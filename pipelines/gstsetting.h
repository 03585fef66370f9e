/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the values of a .launch file, because GStreamer itself only warns of
 * an invalid one and uses another.
 *
 * The property tells what it takes. What it can't tell, a kind does:
 *   ns, ms, s   a time as people write it; the property counts these units
 *   MIN..MAX    a whole number; for those that are a part of caps
 *   ip, ips     an IP address; any number of them, separated by commas
 *   file        a file that can be read
 *   http        an address of HTTP */

#pragma once

#include "pipelines/launchfile.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): @value as the property takes it, or NULL
 * with an error that says what is allowed, as in "--port: …". */
gchar *gst_setting_check (const LaunchfileSetting *setting, const gchar *value,
    GError **error);

G_END_DECLS

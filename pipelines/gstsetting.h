/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the values of a .launch file, because GStreamer itself only warns
 * about an invalid one and uses another.
 *
 * The property determines the values that it accepts. A kind adds what the
 * property cannot express:
 *   ns, ms, s   a duration as users write it; the property has this unit
 *   MIN..MAX    a whole number, for values that are a part of caps
 *   ip, ips     an IP address; any number of them, separated by commas
 *   file        a file that can be read
 *   http        an HTTP URL */

#pragma once

#include "pipelines/launchfile.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): @value as the property takes it, or NULL
 * with an error that says what is allowed, as in "--port: …". */
gchar *gst_setting_check (const LaunchfileSetting *setting, const gchar *value,
    GError **error);

G_END_DECLS

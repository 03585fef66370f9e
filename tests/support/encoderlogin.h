/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reply of OBS, ffmpeg and rtmp2sink to a request for a password, written
 * independently: the other side of gst/rtmp/login.h. */

#pragma once

#include <glib.h>

/* @description is that of a rejection with a challenge.
 *
 * Returns: (transfer full): the query of the app, as sent by an encoder that
 * knows @password. */
gchar *encoder_login (const gchar *description, const gchar *password);

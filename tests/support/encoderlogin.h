/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What OBS, ffmpeg and rtmp2sink answer when they are asked for a password,
 * written anew: the other side of gst/rtmp/login.h. */

#pragma once

#include <glib.h>

/* @description is that of a rejection that challenges.
 *
 * Returns: (transfer full): the query of the app, from who knows @password. */
gchar *encoder_login (const gchar *description, const gchar *password);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A streamer that runs alongside the gateway and publishes a test picture to
 * it. It never outlives the gateway. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TestPicture TestPicture;

/* Called when it has ended, by itself or on request. */
typedef void (*TestPictureFunc) (gpointer user_data);

/* @folder: that of the .launch files; @port: the RTMP port. */
TestPicture *test_picture_new (const gchar *folder, guint port,
    TestPictureFunc func, gpointer user_data, GError **error);
/* Kills it if it has not ended. */
void test_picture_free (TestPicture *self);

/* Lets it disconnect properly; @func follows. */
void test_picture_end (TestPicture *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A streamer beside the gateway, which publishes a test picture to it. It never
 * outlives the gateway. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TestPicture TestPicture;

/* It has ended: by itself, or since it was told to. */
typedef void (*TestPictureFunc) (gpointer user_data);

/* @folder: that of the .launch files; @port: where RTMP is served. */
TestPicture *test_picture_new (const gchar *folder, guint port,
    TestPictureFunc func, gpointer user_data, GError **error);
/* Cuts it short if it has not ended. */
void test_picture_free (TestPicture *self);

/* Lets it say goodbye; @func follows. */
void test_picture_end (TestPicture *self);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV for tests of elements: the files in tests/support/flv, and single
 * tags. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the file's contents. */
GBytes *flv_file_load (const gchar *name);

/* Returns: (transfer full): the bytes from @offset on, at most @size. */
GstBuffer *flv_file_cut (GBytes *file, gsize offset, gsize size);

/* Returns: (transfer full) (nullable): the next whole tag with its back
 * pointer; NULL at the end. @offset starts at 0. */
GstBuffer *flv_file_next_tag (GBytes *file, gsize *offset);

/* Returns: (transfer full): a tag of this type, time and body. */
GstBuffer *flv_tag_new (guint8 type, guint32 time_ms, const void *body,
    gsize size);

G_END_DECLS

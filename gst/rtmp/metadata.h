/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name that an encoder gives itself, in onMetaData or connect. Pure. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/command.h"

G_BEGIN_DECLS

/* The limit of an encoder's name, which is displayed. */
#define RTMP_METADATA_MAX_ENCODER_BYTES 128

/* Returns: (transfer full) (nullable): the encoder's name as one printable
 * line; NULL if the message is not metadata or does not have it. */
gchar *rtmp_metadata_dup_encoder (const RtmpMessage *message);
/* Returns: (transfer full) (nullable): the same of connect's flashVer, which
 * encoders fill less carefully. */
gchar *rtmp_metadata_dup_flash_version (const RtmpCommand *connect);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which elements transcode a video: the one that was asked for, then the one
 * with the highest rank, and among equal ranks the first in the table. What
 * needs a device and can't be started is passed over, as is a decoder for
 * which the frames are too special. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *decoder;       /* nullable: a factory's name, whatever its rank */
  gchar *encoder;       /* nullable: likewise */
  GstCaps *caps;        /* nullable: of the frames */
  gboolean isolates;    /* decoders in software get a process of their own */
  gboolean in_software; /* what needs a device is left out */
  /* Nullable: the application's own settings of an encoder, which has ours and
   * has not been started. @sender: the object that passes it on; nullable. */
  void (*set_up) (gpointer sender, GstElement *encoder, gpointer user_data);
  gpointer user_data;
  GstElement *element; /* nullable, not owned: warns of what is passed over */
} GstCodecChoice;

/* Frees the contents. */
void gst_codec_choice_clear (GstCodecChoice *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstCodecChoice, gst_codec_choice_clear)

G_END_DECLS

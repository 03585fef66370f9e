/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads of decoders in software. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Limits the threads of each video decoder directly in @bin. */
void gst_decoder_threads_limit (GstBin *bin, guint n_threads);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classifies NAL units of H.264 (ITU-T H.264, section 7.3.1). Pure. */

#pragma once

#include "gst/flv/nalu.h"

G_BEGIN_DECLS

/* Recovery points are the only useful SEI. Units that end a sequence are not
 * useful, because an IDR picture follows. @nal has at least one byte. */
FlvNaluFacts flv_avc_read_nalu (const guint8 *nal, gsize size);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a NAL unit of H.264 is (ITU-T H.264, section 7.3.1). Pure. */

#pragma once

#include "gst/flv/nalu.h"

G_BEGIN_DECLS

/* Of supplemental information (SEI), recovery points alone are of use, and of
 * units that end a sequence none: an IDR picture follows. @nal has a byte at
 * least. */
FlvNaluFacts flv_avc_read_nalu (const guint8 *nal, gsize size);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judge of answers: what RFC 3264, 8285, 8829, 8842 and 9143 ask of an answer
 * to a given offer, read from the texts alone. Shares no code with gst/sdp. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer full): the first rule that @answer breaks. */
gchar *sdp_check_answer (const gchar *offer, gsize offer_size,
    const gchar *answer);

G_END_DECLS

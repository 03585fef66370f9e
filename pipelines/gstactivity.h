/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Element messages of ours as what they tell. */

#pragma once

#include "pipelines/activity.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @activity holds as long as the message. Returns FALSE for messages that tell
 * nothing of the kind. */
gboolean gst_activity_from (GstMessage *message, Activity *activity);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts element messages to activities. */

#pragma once

#include "pipelines/activity.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @activity is valid as long as the message. Returns FALSE for messages that
 * are not activities. */
gboolean gst_activity_from (GstMessage *message, Activity *activity);

G_END_DECLS

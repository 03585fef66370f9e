/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the settings that each element has which shares the journal of
 * its pipeline. */

#pragma once

#include "gst/settings/gstsettings.h"

#define GST_SETTING_ON_EVENT(at)                                               \
  {                                                                            \
    .name = "on-event", .kind = GST_SETTING_STRING, .offset = at,              \
    .flags = GST_SETTING_READY, .nick = "On event",                            \
    .blurb = "A URL that receives a POST about each publisher, player, "       \
             "viewer and recording of the pipeline that comes, leaves or is "  \
             "rejected, with JSON: id, time, event, stream and more. It is "   \
             "repeated until the response is 2xx. One element of the "         \
             "pipeline needs it"                                               \
  }

#define GST_SETTING_ON_EVENT_SECRET_FILE(at)                                   \
  {                                                                            \
    .name = "on-event-secret-file", .kind = GST_SETTING_STRING, .offset = at,  \
    .flags = GST_SETTING_READY, .nick = "On event: file of the secret",        \
    .blurb = "A file with a secret that signs what is sent to on-event, of "   \
             "24 to 64 bytes, or whsec_ and base64; it is read again when "    \
             "it changes. With several lines, each signs"                      \
  }

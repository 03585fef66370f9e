/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The roof: the one list of what the package registers. */

#include "ext/whep/gstwhepsink.h"
#include "gst/flv/gstflvlivedemux.h"
#include "gst/flv/gstrtmplivedemux.h"
#include "gst/live/gstaudioratematch.h"
#include "gst/live/gstav1livepay.h"
#include "gst/live/gsth264livepay.h"
#include "gst/live/gstrtmpwebrtcsink.h"
#include "gst/rtmp/gstrtmpserversrc.h"
#include "gst/sdp/gstsdpmunger.h"

#include <gst/gst.h>

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean has_any = FALSE;

  has_any |= GST_ELEMENT_REGISTER (audioratematch, plugin);
  has_any |= GST_ELEMENT_REGISTER (av1livepay, plugin);
  has_any |= GST_ELEMENT_REGISTER (flvlivedemux, plugin);
  has_any |= GST_ELEMENT_REGISTER (h264livepay, plugin);
  has_any |= GST_ELEMENT_REGISTER (rtmplivedemux, plugin);
  has_any |= GST_ELEMENT_REGISTER (rtmpserversrc, plugin);
  has_any |= GST_ELEMENT_REGISTER (sdpmunger, plugin);
  has_any |= GST_ELEMENT_REGISTER (whepsink, plugin);
  /* After whepsink, whose properties it takes over. */
  has_any |= GST_ELEMENT_REGISTER (rtmpwebrtcsink, plugin);
  return has_any;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, rtmpwebrtc,
    "RTMP in, every browser out by WebRTC", plugin_init, PACKAGE_VERSION,
    "LGPL", "gst-rtmp-webrtc", "https://gstreamer.freedesktop.org/")

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one list of the elements that the plugin registers. */
/**
 * plugin-rtmpwebrtc:
 *
 * Receives streams from RTMP publishers and serves them to browsers over
 * WebRTC, without delaying a frame: #rtmpserversrc is the server for
 * publishers, #rtmpwebrtcsink the one for viewers.
 *
 * |[
 * gst-launch-1.0 rtmpserversrc : rtmpwebrtcsink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gstaudioratematch.h"
#include "gst/live/gstav1livepay.h"
#include "gst/live/gsth264livepay.h"
#include "gst/live/gsth265livepay.h"
#include "gst/mp4/gstfmp4livemux.h"
#ifdef HAVE_RTMP
#include "gst/flv/gstflvlivedemux.h"
#include "gst/flv/gstrtmplivedemux.h"
#include "gst/rtmp/gstrtmpserversrc.h"
#endif
#ifdef HAVE_WHEP
#include "ext/whep/gstwhepsink.h"
#include "gst/sdp/gstsdpmunger.h"
#endif
#if defined(HAVE_RTMP) && defined(HAVE_WHEP)
#include "gst/live/gstrtmpwebrtcsink.h"
#endif

#include <gst/gst.h>

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean has_any = FALSE;

  has_any |= GST_ELEMENT_REGISTER (audioratematch, plugin);
  has_any |= GST_ELEMENT_REGISTER (av1livepay, plugin);
  has_any |= GST_ELEMENT_REGISTER (fmp4livemux, plugin);
  has_any |= GST_ELEMENT_REGISTER (h264livepay, plugin);
  has_any |= GST_ELEMENT_REGISTER (h265livepay, plugin);
#ifdef HAVE_RTMP
  has_any |= GST_ELEMENT_REGISTER (flvlivedemux, plugin);
  has_any |= GST_ELEMENT_REGISTER (rtmplivedemux, plugin);
  has_any |= GST_ELEMENT_REGISTER (rtmpserversrc, plugin);
#endif
#ifdef HAVE_WHEP
  has_any |= GST_ELEMENT_REGISTER (sdpmunger, plugin);
  has_any |= GST_ELEMENT_REGISTER (whepsink, plugin);
#endif
#if defined(HAVE_RTMP) && defined(HAVE_WHEP)
  /* Registered after whepsink, whose properties it takes over. */
  has_any |= GST_ELEMENT_REGISTER (rtmpwebrtcsink, plugin);
#endif
  return has_any;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, rtmpwebrtc,
    "RTMP in, every browser out over WebRTC", plugin_init, PACKAGE_VERSION,
    "LGPL", PACKAGE_NAME, PACKAGE_ORIGIN)

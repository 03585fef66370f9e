/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why an offer can't be answered: see error.h. */

#include "gst/sdp/error.h"

static const SdpErrorType error_types[SDP_N_ERRORS] = {
  [SDP_ERROR_MALFORMED] = { "malformed-offer", "The offer is not valid SDP" },
  [SDP_ERROR_NO_MEDIA] = { "no-media",
      "The offer contains no audio or video over DTLS-SRTP" },
  [SDP_ERROR_DIRECTION] = { "direction",
      "The player doesn't ask to receive anything" },
  [SDP_ERROR_NO_VIDEO_CODEC] = { "no-video-codec",
      "The browser lacks the stream's video codec" },
  [SDP_ERROR_NO_AUDIO_CODEC] = { "no-audio-codec",
      "The browser lacks the stream's audio codec" },
  [SDP_ERROR_PACKETIZATION_MODE] = { "packetization-mode",
      "The browser takes H.264 in packetization mode 0 only" },
  [SDP_ERROR_NO_BUNDLE] = { "no-bundle",
      "Audio and video have no transport in common" },
  [SDP_ERROR_NO_RTCP_MUX] = { "no-rtcp-mux",
      "The offer has a separate port for RTCP" },
  [SDP_ERROR_NO_ICE] = { "no-ice", "The offer has no ICE credentials" },
  [SDP_ERROR_ICE_LITE] = { "ice-lite", "Both ends are ICE-lite" },
  [SDP_ERROR_NO_FINGERPRINT] = { "no-fingerprint",
      "The offer has no SHA-256 fingerprint" },
  [SDP_ERROR_SETUP] = { "setup", "The player can't begin the DTLS handshake" },
};

GQuark
sdp_error_quark (void)
{
  return g_quark_from_static_string ("sdp-error-quark");
}

const SdpErrorType *
sdp_error_type (SdpError code)
{
  return &error_types[code];
}

gboolean
sdp_error_set (SdpError code, GError **error, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error,
      g_error_new_valist (SDP_ERROR, code, format, arguments));
  va_end (arguments);
  return FALSE;
}

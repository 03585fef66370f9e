/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reason why an offer can't be answered: a GError whose message is for the
 * viewer, and a name that programs can rely on. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SDP_ERROR (sdp_error_quark ())
GQuark sdp_error_quark (void);

/* HTTP status 400 for the first, 406 for the others. */
typedef enum
{
  SDP_ERROR_MALFORMED, /* not SDP; the message names the line */
  SDP_ERROR_NO_MEDIA,
  SDP_ERROR_DIRECTION,
  SDP_ERROR_NO_VIDEO_CODEC,
  SDP_ERROR_NO_AUDIO_CODEC,
  SDP_ERROR_PACKETIZATION_MODE,
  SDP_ERROR_NO_BUNDLE,
  SDP_ERROR_NO_RTCP_MUX,
  SDP_ERROR_NO_ICE,
  SDP_ERROR_ICE_LITE,
  SDP_ERROR_NO_FINGERPRINT,
  SDP_ERROR_SETUP,
} SdpError;
#define SDP_N_ERRORS (SDP_ERROR_SETUP + 1)

/* The common part of all errors with the same code (RFC 9457); stable across
 * versions. */
typedef struct
{
  const gchar *type; /* letters and "-": the end of a URI */
  const gchar *title;
} SdpErrorType;

const SdpErrorType *sdp_error_type (SdpError code);

/* Sets @error. Returns: FALSE. */
gboolean sdp_error_set (SdpError code, GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS

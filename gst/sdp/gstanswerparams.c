/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of the stream, from the application: see gstanswerparams.h. */

#include "gst/sdp/gstanswerparams.h"
#include "gst/sdp/profilelevelid.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

#define HEX_PAIRS "0123456789ABCDEF:"
#define ADDRESS "0123456789abcdefABCDEF:."

/* RFC 8839 section 5.4; a superset, because a peer only compares. */
static gboolean
is_word (const gchar *value)
{
  return sdp_text_is_token (value) ||
      strspn (value,
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
          "0123456789+/") == strlen (value);
}

static gboolean
is_fingerprint (const gchar *value)
{
  return strlen (value) == 32 * 3 - 1 &&
      strspn (value, HEX_PAIRS) == strlen (value);
}

static gboolean
is_address (const gchar *value)
{
  return *value != '\0' && strspn (value, ADDRESS) == strlen (value);
}

/* The text fields; values that are written into SDP contain no space or line
 * end. */
static const struct
{
  const gchar *name;
  gsize at; /* in SdpAnswerParams */
  const gchar *fallback;
  gboolean is_needed;
  gboolean (*is_right) (const gchar *value);
} texts[] = {
  { "video", G_STRUCT_OFFSET (SdpAnswerParams, video.encoding_name), NULL,
      FALSE, sdp_text_is_token },
  { "audio", G_STRUCT_OFFSET (SdpAnswerParams, audio.encoding_name), NULL,
      FALSE, sdp_text_is_token },
  { "ice-ufrag", G_STRUCT_OFFSET (SdpAnswerParams, ice_ufrag), NULL, TRUE,
      is_word },
  { "ice-pwd", G_STRUCT_OFFSET (SdpAnswerParams, ice_pwd), NULL, TRUE,
      is_word },
  { "fingerprint", G_STRUCT_OFFSET (SdpAnswerParams, fingerprint), NULL, TRUE,
      is_fingerprint },
  { "cname", G_STRUCT_OFFSET (SdpAnswerParams, cname), "stream", FALSE,
      sdp_text_is_token },
  { "stream-id", G_STRUCT_OFFSET (SdpAnswerParams, stream_id), "stream", FALSE,
      sdp_text_is_token },
};

static const struct
{
  const gchar *name;
  gsize at;
  gboolean is_needed;
} ssrcs[] = {
  { "video-ssrc", G_STRUCT_OFFSET (SdpAnswerParams, video.ssrc), TRUE },
  { "video-rtx-ssrc", G_STRUCT_OFFSET (SdpAnswerParams, video.rtx_ssrc),
      FALSE },
  { "audio-ssrc", G_STRUCT_OFFSET (SdpAnswerParams, audio.ssrc), TRUE },
};

static gboolean
reject (const gchar *name, const gchar *what, GError **error)
{
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "The field \"%s\" %s.", name, what);
  return FALSE;
}

static gboolean
read_texts (GstAnswerParams *self, const GstStructure *facts, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const gchar *value = gst_structure_get_string (facts, texts[i].name);
    const gchar **field = G_STRUCT_MEMBER_P (&self->params, texts[i].at);

    if (value == NULL &&
        (texts[i].is_needed || gst_structure_has_field (facts, texts[i].name)))
      return reject (texts[i].name, "is missing or not a string", error);
    if (value != NULL && !texts[i].is_right (value))
      return reject (texts[i].name,
          "contains characters that SDP does not allow", error);
    *field = value != NULL ? value : texts[i].fallback;
  }
  return TRUE;
}

static gboolean
read_ssrcs (GstAnswerParams *self, const GstStructure *facts, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (ssrcs); i++) {
    guint32 *field = G_STRUCT_MEMBER_P (&self->params, ssrcs[i].at);
    guint ssrc = 0;

    gst_structure_get_uint (facts, ssrcs[i].name, &ssrc);
    if (ssrc == 0 &&
        (ssrcs[i].is_needed || gst_structure_has_field (facts, ssrcs[i].name)))
      return reject (ssrcs[i].name, "is missing, 0 or not a guint", error);
    *field = ssrc;
  }
  return TRUE;
}

static gboolean
read_addresses (GstAnswerParams *self, const GstStructure *facts,
    GError **error)
{
  const gchar *addresses = gst_structure_get_string (facts, "addresses");
  guint port = 0;

  self->addresses = g_strsplit (addresses ? addresses : "", " ", -1);
  for (guint i = 0; self->addresses[i] != NULL; i++) {
    if (!is_address (self->addresses[i]))
      return reject ("addresses", "contains text that is not a literal address",
          error);
  }
  gst_structure_get_uint (facts, "port", &port);
  if (self->addresses[0] != NULL && (port == 0 || port > G_MAXUINT16))
    return reject ("port", "is missing, or not in the range 1 to 65535", error);
  self->params.port = port;
  self->params.addresses = (const gchar *const *) self->addresses;
  return TRUE;
}

gboolean
gst_answer_params_read_profile (const gchar *digits, guint32 *id,
    GError **error)
{
  *id = 0;
  return digits == NULL || *digits == '\0' ||
      sdp_profile_level_id_parse (digits, strlen (digits), id) ||
      reject ("profile-level-id", "is not six hex digits", error);
}

gboolean
gst_answer_params_init (GstAnswerParams *self, const GstStructure *facts,
    GError **error)
{
  *self = (GstAnswerParams){ 0 };
  gst_structure_get_uint64 (facts, "session-id", &self->params.session_id);
  self->params.session_id &= G_MAXINT64;
  return gst_answer_params_read_profile (gst_structure_get_string (facts,
                                             "profile-level-id"),
             &self->params.video.profile_level_id, error) &&
      read_texts (self, facts, error) && read_ssrcs (self, facts, error) &&
      read_addresses (self, facts, error);
}

void
gst_answer_params_clear (GstAnswerParams *self)
{
  g_clear_pointer (&self->addresses, g_strfreev);
}

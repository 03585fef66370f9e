/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One m-section of an offer: see section.h. */

#include "gst/sdp/section.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

/* RFC 8839 section 5.4. */
#define MIN_UFRAG 4
#define MIN_PWD 22
#define MAX_ICE 256
/* RFC 8285 section 4.3: one byte; 0 is padding. */
#define MAX_EXTENSION_ID 255
/* RFC 8285 section 4.2: not to be used, so that both forms can be
 * distinguished. */
#define RESERVED_EXTENSION_ID 15
/* "sha-256 " and 32 pairs of hex digits with colons between them. */
#define SHA256_BYTES 32
/* Approximately what browsers list. */
#define USUAL_FORMATS 32
/* Audio goes up to 192 kHz, video uses 90 kHz. */
#define MAX_CLOCK_RATE 1000000
#define MAX_CHANNELS 255

static const gchar *const extension_uris[SDP_N_EXTENSIONS] = {
  [SDP_PLAYOUT_DELAY] = "http://www.webrtc.org/experiments/rtp-hdrext/"
                        "playout-delay",
  [SDP_ABS_CAPTURE_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/"
                           "abs-capture-time",
  [SDP_SDES_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
};

static const struct
{
  const gchar *name;
  SdpDirection direction;
} directions[] = {
  { "sendrecv", SDP_SENDRECV },
  { "sendonly", SDP_SENDONLY },
  { "recvonly", SDP_RECVONLY },
  { "inactive", SDP_INACTIVE },
};

static const struct
{
  const gchar *name;
  SdpIceOptions option;
} ice_options[] = {
  { "trickle", SDP_ICE_TRICKLE },
  { "ice2", SDP_ICE_2 },
};

static const struct
{
  const gchar *value;
  SdpFeedback feedback;
} feedbacks[] = {
  { "nack", SDP_NACK },
  { "nack pli", SDP_NACK_PLI },
  { "ccm fir", SDP_CCM_FIR },
};

/* RFC 3551 section 6: formats that need no a=rtpmap. */
static const SdpFormat static_formats[] = {
  { .pt = 0, .encoding_name = "PCMU", .clock_rate = 8000, .n_channels = 1 },
  { .pt = 8, .encoding_name = "PCMA", .clock_rate = 8000, .n_channels = 1 },
};

/* A line may be repeated, but must not contradict the first. */
static gboolean
set_once (const gchar **field, const gchar *value)
{
  if (*field != NULL && strcmp (*field, value) != 0)
    return FALSE;
  *field = value;
  return TRUE;
}

static SdpFormat *
find_format (SdpSection *self, guint pt)
{
  if (self->formats == NULL)
    return NULL;
  for (guint i = 0; i < self->formats->len; i++) {
    SdpFormat *format = &g_array_index (self->formats, SdpFormat, i);

    if (format->pt == pt)
      return format;
  }
  return NULL;
}

static SdpDirection
direction_from (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    if (strcmp (directions[i].name, name) == 0)
      return directions[i].direction;
  }
  return SDP_DIRECTION_UNSET;
}

static const gchar *
read_mid (SdpSection *self, gchar *value)
{
  if (!sdp_text_is_token (value) || strlen (value) > SDP_MID_MAX)
    return "a=mid is not a short token";
  return set_once (&self->mid, value) ? NULL : "a second, different a=mid";
}

static gboolean
is_ice (const gchar *value, gsize min_size)
{
  gsize size = strlen (value);

  for (gsize i = 0; i < size; i++) {
    if (!g_ascii_isalnum (value[i]) && value[i] != '+' && value[i] != '/')
      return FALSE;
  }
  return size >= min_size && size <= MAX_ICE;
}

static const gchar *
read_ufrag (SdpSection *self, gchar *value)
{
  if (!is_ice (value, MIN_UFRAG))
    return "a=ice-ufrag is not 4 to 256 letters, digits, + or /";
  return set_once (&self->transport.ice_ufrag, value)
      ? NULL
      : "a second, different a=ice-ufrag";
}

static const gchar *
read_pwd (SdpSection *self, gchar *value)
{
  if (!is_ice (value, MIN_PWD))
    return "a=ice-pwd is not 22 to 256 letters, digits, + or /";
  return set_once (&self->transport.ice_pwd, value)
      ? NULL
      : "a second, different a=ice-pwd";
}

static const gchar *
read_setup (SdpSection *self, gchar *value)
{
  if (*value == '\0')
    return "a=setup has an unknown role";
  return set_once (&self->transport.setup, value)
      ? NULL
      : "a second, different a=setup";
}

static const gchar *
read_ice_options (SdpSection *self, gchar *value)
{
  const gchar *word;

  while ((word = sdp_text_cut (&value, ' ')) != NULL) {
    for (guint i = 0; i < G_N_ELEMENTS (ice_options); i++)
      if (strcmp (ice_options[i].name, word) == 0)
        self->transport.ice_options |= ice_options[i].option;
  }
  return NULL;
}

static gboolean
is_sha256 (const gchar *hex)
{
  if (strlen (hex) != SHA256_BYTES * 3 - 1)
    return FALSE;
  for (guint i = 0; i < SHA256_BYTES; i++, hex += 3) {
    if (!g_ascii_isxdigit (hex[0]) || !g_ascii_isxdigit (hex[1]))
      return FALSE;
    if (i + 1 < SHA256_BYTES && hex[2] != ':')
      return FALSE;
  }
  return TRUE;
}

/* RFC 8122 section 5: there may be several, of one or more hash functions; the
 * client's certificate is verified by the first supported one. */
static const gchar *
read_fingerprint (SdpSection *self, gchar *value)
{
  if (g_ascii_strncasecmp (value, "sha-256 ", 8) != 0)
    return NULL;
  if (!is_sha256 (value + 8))
    return "a=fingerprint:sha-256 is not 32 pairs of hex digits";
  if (self->transport.fingerprint == NULL)
    self->transport.fingerprint = value;
  return NULL;
}

/* RFC 3611 section 5.1: block types separated by blanks; "all" includes
 * participants that do not send media, such as viewers. */
static const gchar *
read_rtcp_xr (SdpSection *self, gchar *value)
{
  g_auto (GStrv) types = NULL;

  if (value == NULL)
    return NULL;
  types = g_strsplit (value, " ", -1);
  self->has_rcvr_rtt |=
      g_strv_contains ((const gchar *const *) types, "rcvr-rtt=all");
  return NULL;
}

/* Splits "111 rest" and finds the format. Returns FALSE if it is not a number.
 * A payload type that the m= line doesn't list belongs to no format. */
static gboolean
cut_format (SdpSection *self, gchar **rest, SdpFormat **format)
{
  guint pt;

  if (!sdp_text_read_number (sdp_text_cut (rest, ' '), SDP_PT_MAX, &pt))
    return FALSE;
  *format = find_format (self, pt);
  return TRUE;
}

/* "opus/48000/2" */
static gboolean
read_mapping (SdpFormat *format, gchar *rest)
{
  const gchar *name = sdp_text_cut (&rest, '/');
  const gchar *clock_rate = sdp_text_cut (&rest, '/');

  if (clock_rate == NULL || !sdp_text_is_token (name))
    return FALSE;
  format->encoding_name = name;
  format->n_channels = 1;
  if (!sdp_text_read_number (clock_rate, MAX_CLOCK_RATE, &format->clock_rate))
    return FALSE;
  return rest == NULL ||
      sdp_text_read_number (rest, MAX_CHANNELS, &format->n_channels);
}

static gboolean
is_same_mapping (const SdpFormat *a, const SdpFormat *b)
{
  return g_ascii_strcasecmp (a->encoding_name, b->encoding_name) == 0 &&
      a->clock_rate == b->clock_rate && a->n_channels == b->n_channels;
}

static const gchar *
read_rtpmap (SdpSection *self, gchar *rest)
{
  SdpFormat *format, mapping = { 0 };

  if (!cut_format (self, &rest, &format) || rest == NULL ||
      !read_mapping (&mapping, rest))
    return "a=rtpmap is not PAYLOAD-TYPE NAME/RATE";
  if (format == NULL)
    return NULL;
  if (format->encoding_name != NULL && !is_same_mapping (format, &mapping))
    return "a payload type with two meanings";
  format->encoding_name = mapping.encoding_name;
  format->clock_rate = mapping.clock_rate;
  format->n_channels = mapping.n_channels;
  return NULL;
}

static const gchar *
read_fmtp (SdpSection *self, gchar *rest)
{
  SdpFormat *format;

  if (!cut_format (self, &rest, &format) || rest == NULL)
    return "a=fmtp is not PAYLOAD-TYPE PARAMETERS";
  if (format != NULL && !set_once (&format->parameters, rest))
    return "a second, different a=fmtp for one payload type";
  return NULL;
}

static const gchar *
read_rtcp_fb (SdpSection *self, gchar *rest)
{
  gboolean is_for_all = g_str_has_prefix (rest, "* ");
  SdpFormat *only = NULL;
  SdpFeedback feedback = 0;

  if (is_for_all)
    rest += 2;
  else if (!cut_format (self, &rest, &only) || rest == NULL)
    return "a=rtcp-fb is not PAYLOAD-TYPE FEEDBACK";
  for (guint i = 0; i < G_N_ELEMENTS (feedbacks); i++) {
    if (strcmp (feedbacks[i].value, rest) == 0)
      feedback = feedbacks[i].feedback;
  }
  if (only != NULL)
    only->feedback |= feedback;
  for (guint i = 0; is_for_all && self->formats && i < self->formats->len; i++)
    g_array_index (self->formats, SdpFormat, i).feedback |= feedback;
  return NULL;
}

static const gchar *
set_extension (SdpSection *self, SdpExtensionKind kind, guint id,
    SdpDirection direction)
{
  SdpExtension *extension = &self->extensions[kind];

  if (id == 0 || id > MAX_EXTENSION_ID || id == RESERVED_EXTENSION_ID)
    return NULL;
  for (guint i = 0; i < SDP_N_EXTENSIONS; i++) {
    if (i != kind && self->extensions[i].id == id)
      return "two header extensions with one id";
  }
  /* RFC 8285 section 7 allows several IDs for a URI: one is enough. */
  if (extension->id == 0)
    *extension = (SdpExtension){ .id = id, .direction = direction };
  return NULL;
}

/* "5 URI", "6/recvonly URI", "5 URI attributes" (RFC 8285 section 5). */
static const gchar *
read_extmap (SdpSection *self, gchar *rest)
{
  gchar *id_word = sdp_text_cut (&rest, ' ');
  const gchar *uri = sdp_text_cut (&rest, ' ');
  const gchar *number = sdp_text_cut (&id_word, '/');
  SdpDirection direction = SDP_SENDRECV;
  guint id;

  if (uri == NULL || !sdp_text_read_number (number, G_MAXUINT, &id))
    return "a=extmap is not ID URI";
  if (id_word != NULL)
    direction = direction_from (id_word);
  if (direction == SDP_DIRECTION_UNSET)
    return "a=extmap has an unknown direction";
  for (guint i = 0; i < SDP_N_EXTENSIONS; i++) {
    if (strcmp (extension_uris[i], uri) == 0)
      return set_extension (self, i, id, direction);
  }
  return NULL;
}

/* RFC 8866 section 5.13: attributes with a value, and those without, which
 * would be different attributes if they had one. */
static const struct
{
  const gchar *name;
  const gchar *(*read) (SdpSection *self, gchar *value);
} attributes[] = {
  { "extmap", read_extmap },
  { "fingerprint", read_fingerprint },
  { "fmtp", read_fmtp },
  { "ice-options", read_ice_options },
  { "ice-pwd", read_pwd },
  { "ice-ufrag", read_ufrag },
  { "mid", read_mid },
  { "rtcp-fb", read_rtcp_fb },
  { "rtcp-xr", read_rtcp_xr },
  { "rtpmap", read_rtpmap },
  { "setup", read_setup },
};

static const struct
{
  const gchar *name;
  gsize at; /* in SdpSection */
} flags[] = {
  { "bundle-only", G_STRUCT_OFFSET (SdpSection, is_bundle_only) },
  { "extmap-allow-mixed", G_STRUCT_OFFSET (SdpSection, allows_mixed) },
  { "ice-lite", G_STRUCT_OFFSET (SdpSection, is_ice_lite) },
  { "rtcp-mux", G_STRUCT_OFFSET (SdpSection, transport.has_rtcp_mux) },
  { "rtcp-rsize", G_STRUCT_OFFSET (SdpSection, has_rtcp_rsize) },
};

static const gchar *
read_direction (SdpSection *self, SdpDirection direction)
{
  if (self->direction != SDP_DIRECTION_UNSET && self->direction != direction)
    return "a second, different direction";
  self->direction = direction;
  return NULL;
}

/* A known attribute that needs a value and has none is malformed. */
static const gchar *
read_flag (SdpSection *self, const gchar *name)
{
  SdpDirection direction = direction_from (name);

  if (direction != SDP_DIRECTION_UNSET)
    return read_direction (self, direction);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (strcmp (flags[i].name, name) == 0)
      G_STRUCT_MEMBER (gboolean, self, flags[i].at) = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (strcmp (attributes[i].name, name) == 0)
      return "an attribute without its value";
  return NULL;
}

const gchar *
sdp_section_read (SdpSection *self, gchar *value)
{
  gchar *name = sdp_text_cut (&value, ':');

  if (value == NULL)
    return read_flag (self, name);
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++) {
    if (strcmp (attributes[i].name, name) == 0)
      return attributes[i].read (self, value);
  }
  return NULL;
}

/* "UDP/TLS/RTP/SAVPF": tokens separated by slashes. */
static gboolean
is_proto (const gchar *proto)
{
  for (const gchar *c = proto; *c != '\0'; c++) {
    if (*c == '/' && (c == proto || c[1] == '/' || c[1] == '\0'))
      return FALSE;
    if (*c != '/' && !sdp_text_is_token_char (*c))
      return FALSE;
  }
  return *proto != '\0';
}

static void
add_format (SdpSection *self, guint pt)
{
  SdpFormat format = { .pt = pt };

  if (find_format (self, pt) != NULL)
    return;
  g_array_append_val (self->formats, format);
}

static const gchar *
read_format_list (SdpSection *self)
{
  g_autofree gchar *copy = g_strdup (self->format_list);
  gchar *rest = copy;
  const gchar *word;
  guint pt;

  while ((word = sdp_text_cut (&rest, ' ')) != NULL) {
    if (!sdp_text_is_token (word))
      return "m= has a format that is not a token";
    if (self->formats == NULL)
      continue;
    if (!sdp_text_read_number (word, SDP_PT_MAX, &pt))
      return "m= has a format that is not a payload type";
    add_format (self, pt);
  }
  return NULL;
}

const gchar *
sdp_section_begin (SdpSection *self, gchar *value)
{
  const gchar *port;

  self->media = sdp_text_cut (&value, ' ');
  port = sdp_text_cut (&value, ' ');
  self->proto = sdp_text_cut (&value, ' ');
  if (value == NULL)
    return "m= is not MEDIA PORT PROTO FORMATS";
  self->format_list = g_strchomp (value);
  if (!sdp_text_is_token (self->media) || !is_proto (self->proto))
    return "m= has a medium or protocol that is not a token";
  if (!sdp_text_read_number (port, G_MAXUINT16, &self->port))
    return "m= has no valid port";
  if (sdp_section_is_rtp (self))
    self->formats =
        g_array_sized_new (FALSE, FALSE, sizeof (SdpFormat), USUAL_FORMATS);
  return read_format_list (self);
}

void
sdp_section_clear (SdpSection *self)
{
  g_clear_pointer (&self->formats, g_array_unref);
}

static void
map_static_formats (SdpSection *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (static_formats); i++) {
    SdpFormat *format = find_format (self, static_formats[i].pt);

    if (format == NULL || format->encoding_name != NULL)
      continue;
    format->encoding_name = static_formats[i].encoding_name;
    format->clock_rate = static_formats[i].clock_rate;
    format->n_channels = static_formats[i].n_channels;
  }
}

void
sdp_section_inherit (SdpSection *self, const SdpSection *session)
{
  map_static_formats (self);
  sdp_section_inherit_transport (self, session);
  self->has_rtcp_rsize |= session->has_rtcp_rsize;
  self->has_rcvr_rtt |= session->has_rcvr_rtt;
  if (self->direction == SDP_DIRECTION_UNSET)
    self->direction = session->direction;
  for (guint i = 0; i < SDP_N_EXTENSIONS; i++) {
    const SdpExtension *extension = &session->extensions[i];

    if (self->extensions[i].id == 0)
      set_extension (self, i, extension->id, extension->direction);
  }
}

void
sdp_section_inherit_transport (SdpSection *self, const SdpSection *tag)
{
  SdpTransport *own = &self->transport;
  const SdpTransport *other = &tag->transport;

  own->has_rtcp_mux |= other->has_rtcp_mux;
  own->ice_options |= other->ice_options;
  if (own->ice_ufrag == NULL)
    own->ice_ufrag = other->ice_ufrag;
  if (own->ice_pwd == NULL)
    own->ice_pwd = other->ice_pwd;
  if (own->fingerprint == NULL)
    own->fingerprint = other->fingerprint;
  if (own->setup == NULL)
    own->setup = other->setup;
}

gboolean
sdp_section_is_live (const SdpSection *self)
{
  return self->port != 0 || self->is_bundle_only;
}

gboolean
sdp_section_is_rtp (const SdpSection *self)
{
  if (strcmp (self->media, "video") != 0 && strcmp (self->media, "audio") != 0)
    return FALSE;
  return g_str_has_suffix (self->proto, "RTP/SAVPF") ||
      g_str_has_suffix (self->proto, "RTP/SAVP");
}

gboolean
sdp_section_receives (const SdpSection *self)
{
  return self->direction != SDP_SENDONLY && self->direction != SDP_INACTIVE;
}

const SdpFormat *
sdp_section_format (const SdpSection *self, guint pt)
{
  return find_format ((SdpSection *) self, pt);
}

const gchar *
sdp_extension_uri (SdpExtensionKind kind)
{
  return extension_uris[kind];
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser's SDP offer: see offer.h. */

#include "gst/sdp/offer.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

struct _SdpOffer
{
  gchar *text;
  gchar *words; /* the text, split into words; all strings point into it */
  gboolean has_version; /* v=0 has been read */
  SdpSection session;
  GArray *sections;  /* of SdpSection */
  gchar *group;      /* mids of the first a=group:BUNDLE, nullable */
  GPtrArray *bundle; /* of SdpSection */
  gchar *lip_sync;   /* mids of the first a=group:LS, nullable */
  /* The m-section whose transport serves all; NULL if none has a usable one. */
  const SdpSection *transport;
};

static void
clear_section (gpointer section)
{
  sdp_section_clear (section);
}

static SdpOffer *
offer_new (const gchar *text, gsize size)
{
  SdpOffer *self = g_new0 (SdpOffer, 1);

  self->text = g_strndup (text, size);
  self->words = g_strdup (self->text);
  self->sections = g_array_new (FALSE, TRUE, sizeof (SdpSection));
  g_array_set_clear_func (self->sections, clear_section);
  self->bundle = g_ptr_array_new ();
  return self;
}

void
sdp_offer_free (SdpOffer *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->bundle);
  g_array_unref (self->sections);
  g_free (self->words);
  g_free (self->text);
  g_free (self);
}

static SdpSection *
section_at (const SdpOffer *self, guint index)
{
  return &g_array_index (self->sections, SdpSection, index);
}

static SdpSection *
find_section (const SdpOffer *self, const gchar *mid)
{
  for (guint i = 0; i < self->sections->len; i++) {
    SdpSection *section = section_at (self, i);

    if (section->mid != NULL && strcmp (section->mid, mid) == 0)
      return section;
  }
  return NULL;
}

static const gchar *
begin_section (SdpOffer *self, gchar *value)
{
  if (self->sections->len >= SDP_OFFER_MAX_SECTIONS)
    return "too many m= lines";
  g_array_set_size (self->sections, self->sections->len + 1);
  return sdp_section_begin (section_at (self, self->sections->len - 1), value);
}

/* Only the first group of a kind counts. */
static gboolean
set_group (gchar **mids, gchar *value, const gchar *prefix)
{
  if (!g_str_has_prefix (value, prefix))
    return FALSE;
  if (*mids == NULL)
    *mids = value + strlen (prefix);
  return TRUE;
}

static const gchar *
read_attribute (SdpOffer *self, gchar *value)
{
  guint n_sections = self->sections->len;
  SdpSection *section;

  if (n_sections > 0) {
    section = section_at (self, n_sections - 1);
    return sdp_section_read (section, value);
  }
  if (set_group (&self->group, value, "group:BUNDLE ") ||
      set_group (&self->lip_sync, value, "group:LS "))
    return NULL;
  return sdp_section_read (&self->session, value);
}

static const gchar *
read_version (SdpOffer *self, const SdpText *text)
{
  self->has_version = text->type == 'v' && strcmp (text->value, "0") == 0;
  return self->has_version ? NULL : "SDP begins with v=0";
}

/* Returns: (nullable): the error in the line. */
static const gchar *
read_line (SdpOffer *self, const SdpText *text)
{
  if (!self->has_version)
    return read_version (self, text);
  if (text->type == 'm')
    return begin_section (self, text->value);
  if (text->type == 'a')
    return read_attribute (self, text->value);
  return NULL;
}

static gboolean
reject_line (guint number, const gchar *why, GError **error)
{
  return sdp_error_set (SDP_ERROR_MALFORMED, error,
      "The offer is not SDP that this server understands: line %u: %s.", number,
      why);
}

static gboolean
read_lines (SdpOffer *self, GError **error)
{
  SdpTextResult result;
  SdpText text;
  const gchar *why;

  sdp_text_init (&text, self->words);
  while ((result = sdp_text_next (&text)) == SDP_TEXT_LINE) {
    why = read_line (self, &text);
    if (why != NULL)
      return reject_line (text.number, why, error);
  }
  if (result == SDP_TEXT_MALFORMED)
    return reject_line (text.number, "not of the form x=value", error);
  if (self->sections->len == 0)
    return reject_line (text.number, "no m= line up to here", error);
  return TRUE;
}

/* RFC 5888 section 4: a mid names one m-section. */
static gboolean
check_mids (const SdpOffer *self, GError **error)
{
  for (guint i = 0; i < self->sections->len; i++) {
    const SdpSection *section = section_at (self, i);

    if (section->mid != NULL && find_section (self, section->mid) != section)
      return sdp_error_set (SDP_ERROR_MALFORMED, error,
          "The offer has two m-sections with the mid \"%s\".", section->mid);
  }
  return TRUE;
}

/* Mids without an m-section are ignored. */
static void
read_group (SdpOffer *self)
{
  gchar *rest = self->group;
  const gchar *mid;

  while ((mid = sdp_text_cut (&rest, ' ')) != NULL) {
    SdpSection *section = find_section (self, mid);

    if (section == NULL || section->is_bundled)
      continue;
    section->is_bundled = TRUE;
    g_ptr_array_add (self->bundle, section);
  }
}

/* RFC 9143 section 7: a bundle has one transport. It is that of the first
 * m-section; what is missing there is taken from the next one that has it. */
static void
inherit (SdpOffer *self)
{
  for (guint i = 0; i < self->sections->len; i++)
    sdp_section_inherit (section_at (self, i), &self->session);
  for (guint i = 1; i < self->bundle->len; i++)
    sdp_section_inherit_transport (self->bundle->pdata[0],
        self->bundle->pdata[i]);
  for (guint i = 1; i < self->bundle->len; i++)
    sdp_section_inherit_transport (self->bundle->pdata[i],
        self->bundle->pdata[0]);
}

/* An m-section that isn't bundled would need a transport of its own. */
static gboolean
could_be_served (const SdpOffer *self, const SdpSection *section)
{
  return sdp_section_is_live (section) && sdp_section_is_rtp (section) &&
      (self->bundle->len == 0 || section->is_bundled);
}

static const SdpSection *
find_transport (const SdpOffer *self)
{
  for (guint i = 0; i < self->bundle->len; i++) {
    if (could_be_served (self, self->bundle->pdata[i]))
      return self->bundle->pdata[i];
  }
  for (guint i = 0; self->bundle->len == 0 && i < self->sections->len; i++) {
    if (could_be_served (self, section_at (self, i)))
      return section_at (self, i);
  }
  return NULL;
}

static gboolean
reject_transport (SdpError code, const gchar *why, GError **error)
{
  return sdp_error_set (code, error, "This player can't be connected: %s.",
      why);
}

/* Without BUNDLE each m-section needs a transport of its own; there is only one
 * here. */
static gboolean
check_bundle (const SdpOffer *self, GError **error)
{
  guint n_live = 0;

  if (self->bundle->len > 0)
    return TRUE;
  for (guint i = 0; i < self->sections->len; i++)
    n_live += sdp_section_is_live (section_at (self, i));
  if (n_live > 1)
    return reject_transport (SDP_ERROR_NO_BUNDLE,
        "its offer doesn't bundle audio and video (a=group:BUNDLE)", error);
  return TRUE;
}

/* RFC 8842 section 5.2: this end is passive, so the browser must agree to be
 * active, which is also the meaning of a missing a=setup (RFC 4145). */
static gboolean
can_be_active (const SdpSection *section)
{
  const gchar *setup = section->transport.setup;

  return setup == NULL || strcmp (setup, "actpass") == 0 ||
      strcmp (setup, "active") == 0;
}

static gboolean
check_setup (const SdpOffer *self, GError **error)
{
  for (guint i = 0; i < self->sections->len; i++) {
    const SdpSection *section = section_at (self, i);

    if (could_be_served (self, section) && !can_be_active (section))
      return reject_transport (SDP_ERROR_SETUP,
          "its offer must say a=setup:actpass or active", error);
  }
  return TRUE;
}

static gboolean
check_transport (const SdpOffer *self, GError **error)
{
  const SdpTransport *transport = &self->transport->transport;

  if (transport->ice_ufrag == NULL)
    return reject_transport (SDP_ERROR_NO_ICE, "its offer has no a=ice-ufrag",
        error);
  if (transport->ice_pwd == NULL)
    return reject_transport (SDP_ERROR_NO_ICE, "its offer has no a=ice-pwd",
        error);
  if (transport->fingerprint == NULL)
    return reject_transport (SDP_ERROR_NO_FINGERPRINT,
        "its offer has no a=fingerprint:sha-256", error);
  if (!transport->has_rtcp_mux)
    return reject_transport (SDP_ERROR_NO_RTCP_MUX,
        "its offer has no a=rtcp-mux", error);
  if (self->session.is_ice_lite)
    return reject_transport (SDP_ERROR_ICE_LITE,
        "it is ICE-lite (a=ice-lite) and so is this server", error);
  return check_setup (self, error);
}

static gboolean
parse (SdpOffer *self, GError **error)
{
  if (!read_lines (self, error) || !check_mids (self, error))
    return FALSE;
  read_group (self);
  inherit (self);
  self->transport = find_transport (self);
  if (self->transport == NULL)
    return reject_transport (SDP_ERROR_NO_MEDIA,
        "its offer contains no audio or video over DTLS-SRTP", error);
  return check_bundle (self, error) && check_transport (self, error);
}

SdpOffer *
sdp_offer_parse (const gchar *text, gsize size, GError **error)
{
  g_autoptr (SdpOffer) self = NULL;

  if (size > SDP_OFFER_MAX_BYTES || memchr (text, '\0', size) != NULL) {
    sdp_error_set (SDP_ERROR_MALFORMED, error,
        "The offer is not SDP: it is longer than %u bytes or contains a NUL.",
        SDP_OFFER_MAX_BYTES);
    return NULL;
  }
  self = offer_new (text, size);
  return parse (self, error) ? g_steal_pointer (&self) : NULL;
}

const SdpSection *
sdp_offer_transport (const SdpOffer *self)
{
  return self->transport;
}

const gchar *
sdp_offer_ice_ufrag (const SdpOffer *self)
{
  return self->transport->transport.ice_ufrag;
}

const gchar *
sdp_offer_fingerprint (const SdpOffer *self)
{
  return self->transport->transport.fingerprint;
}

guint
sdp_offer_n_sections (const SdpOffer *self)
{
  return self->sections->len;
}

const SdpSection *
sdp_offer_section (const SdpOffer *self, guint index)
{
  return section_at (self, index);
}

const gchar *
sdp_offer_text (const SdpOffer *self)
{
  return self->text;
}

const SdpSection *
sdp_offer_session (const SdpOffer *self)
{
  return &self->session;
}

const GPtrArray *
sdp_offer_bundle (const SdpOffer *self)
{
  return self->bundle;
}

gboolean
sdp_offer_syncs (const SdpOffer *self, const SdpSection *a, const SdpSection *b)
{
  g_auto (GStrv) mids = NULL;

  if (self->lip_sync == NULL || a->mid == NULL || b->mid == NULL)
    return FALSE;
  mids = g_strsplit (self->lip_sync, " ", -1);
  return g_strv_contains ((const gchar *const *) mids, a->mid) &&
      g_strv_contains ((const gchar *const *) mids, b->mid);
}

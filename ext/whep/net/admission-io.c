/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets a viewer in: see admission-io.h. */

#include "ext/whep/net/admission-io.h"
#include "ext/whep/net/certificate-io.h"
#include "ext/whep/viewer/fingerprint.h"
#include "gst/sdp/answer.h"

#include <string.h>

/* RFC 7022: 96 random bits or more; ties audio and video for lip sync. */
#define CNAME_LENGTH 20
/* RFC 3711 section 3.3.1: a first number below 2^15 keeps the receiver from
 * guessing the rollover counter wrong when the first packets are lost. */
#define FIRST_SEQ_MASK 0x7fff
/* RFC 8866 section 5.2: a browser reads it as a signed number. */
#define SESSION_ID_MASK G_MAXINT64

/* What is random of a viewer, and its names. */
typedef struct
{
  gchar ice_pwd[WHEP_ICE_OUR_PWD + 1];
  gchar cname[CNAME_LENGTH + 1];
  guint64 session_id;
  guint32 ssrcs[WHEP_N_TRACKS];
} Identity;

static void
identity_init (Identity *self)
{
  whep_random_text (self->ice_pwd, WHEP_ICE_OUR_PWD);
  whep_random_text (self->cname, CNAME_LENGTH);
  whep_random_bytes (&self->session_id, sizeof (self->session_id));
  self->session_id &= SESSION_ID_MASK;
  do
    whep_random_bytes (self->ssrcs, sizeof (self->ssrcs));
  while (self->ssrcs[WHEP_VIDEO] == self->ssrcs[WHEP_AUDIO] ||
      self->ssrcs[WHEP_VIDEO] == 0 || self->ssrcs[WHEP_AUDIO] == 0);
}

static SdpSource
source_of (const WhepListedTrack *track, guint32 ssrc)
{
  return (SdpSource){
    .encoding_name = track->encoding_name,
    .profile_level_id = track->profile_level_id,
    .ssrc = ssrc,
  };
}

static SdpAnswer *
answer (const SdpOffer *offer, const WhepAdmissionParams *params,
    const Identity *identity, GError **error)
{
  const WhepListedTrack *tracks = params->listing->tracks;
  const SdpAnswerParams answer_params = {
    .video = source_of (&tracks[WHEP_VIDEO], identity->ssrcs[WHEP_VIDEO]),
    .audio = source_of (&tracks[WHEP_AUDIO], identity->ssrcs[WHEP_AUDIO]),
    .session_id = identity->session_id,
    .ice_ufrag = params->ice_ufrag,
    .ice_pwd = identity->ice_pwd,
    .fingerprint = params->fingerprint,
    .cname = identity->cname,
    .stream_id = "stream",
    .port = params->port,
    .addresses = params->addresses,
  };

  return sdp_answer_new (offer, &answer_params, error);
}

static WhepSenderParams
sender_of (const SdpAnswerMedia *media, guint32 ssrc)
{
  WhepSenderParams sender = { .media = *media, .ssrc = ssrc };

  whep_random_bytes (&sender.first_seq, sizeof (sender.first_seq));
  sender.first_seq &= FIRST_SEQ_MASK;
  whep_random_bytes (&sender.first_rtp_time, sizeof (sender.first_rtp_time));
  return sender;
}

static WhepViewer *
viewer_new (const WhepAdmissionParams *params, const Identity *identity,
    const SdpOffer *offer, const SdpAnswer *sdp)
{
  WhepViewerParams viewer = {
    .stream_name = params->listing->name,
    .ice_ufrag = params->ice_ufrag,
    .ice_pwd = identity->ice_pwd,
    .remote_ufrag = sdp_offer_ice_ufrag (offer),
    .cname = identity->cname,
    .tracks = {
      [WHEP_VIDEO] = sender_of (&sdp->video, identity->ssrcs[WHEP_VIDEO]),
      [WHEP_AUDIO] = sender_of (&sdp->audio, identity->ssrcs[WHEP_AUDIO]),
    },
    .dtls_context = params->dtls_context,
  };
  gboolean is_valid = whep_fingerprint_init (&viewer.fingerprint,
      sdp_offer_fingerprint (offer));

  /* The offer was checked for that. */
  g_assert (is_valid);
  return whep_viewer_new (&viewer, g_get_monotonic_time ());
}

gboolean
whep_admission_init (WhepAdmission *self, const WhepAdmissionParams *params,
    GError **error)
{
  g_autoptr (SdpOffer) offer =
      sdp_offer_parse (params->offer, params->offer_size, error);
  g_autoptr (SdpAnswer) sdp = NULL;
  Identity identity;

  memset (self, 0, sizeof (*self));
  if (offer == NULL)
    return FALSE;
  identity_init (&identity);
  sdp = answer (offer, params, &identity, error);
  if (sdp == NULL)
    return FALSE;
  self->viewer = viewer_new (params, &identity, offer, sdp);
  self->remote_ufrag = g_strdup (sdp_offer_ice_ufrag (offer));
  self->answer = g_steal_pointer (&sdp->text);
  return TRUE;
}

void
whep_admission_clear (WhepAdmission *self)
{
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->remote_ufrag, g_free);
  g_clear_pointer (&self->viewer, whep_viewer_free);
}

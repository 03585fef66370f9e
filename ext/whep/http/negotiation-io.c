/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Negotiates a viewer: see negotiation-io.h. */

#include "ext/whep/http/negotiation-io.h"
#include "ext/whep/http/random-io.h"
#include "ext/whep/http/sdpfrag.h"
#include "ext/whep/viewer/fingerprint.h"
#include "gst/sdp/answer.h"

#include <string.h>

/* RFC 7022: at least 96 random bits; associates audio and video for lip
 * sync. */
#define CNAME_LENGTH 20
/* RFC 3711 section 3.3.1: with a first number below 2^15, the receiver does not
 * guess a wrong rollover counter if the first packets are lost. */
#define FIRST_SEQ_MASK 0x7fff
/* RFC 8866 section 5.2; browsers parse it as a signed number. */
#define SESSION_ID_MASK G_MAXINT64

/* RTP times that count from a common epoch begin between these: at a random
 * value (RFC 3550 section 5.1), which is so small for audio and video that the
 * first wrap of either is hours away. */
#define MIN_EPOCH_S 1000
#define MAX_EPOCH_S 20000

/* H.264 renditions have the profile that every browser supports. */
#define RENDITION_PROFILE_LEVEL_ID 0x42e01f

/* Those of the tracks, then those of their retransmissions. */
#define N_SSRCS (2 * WHEP_N_TRACKS)

/* The random values of a viewer. */
typedef struct
{
  gchar ice_pwd[WHEP_ICE_OUR_PWD + 1];
  gchar cname[CNAME_LENGTH + 1];
  guint64 session_id;
  guint32 ssrcs[N_SSRCS];
} Identity;

/* RFC 3550 section 8: all different; 0 means none. */
static gboolean
are_distinct (const guint32 *ssrcs)
{
  for (guint i = 0; i < N_SSRCS; i++) {
    if (ssrcs[i] == 0)
      return FALSE;
    for (guint k = 0; k < i; k++)
      if (ssrcs[i] == ssrcs[k])
        return FALSE;
  }
  return TRUE;
}

static void
identity_init (Identity *self)
{
  whep_random_text (self->ice_pwd, WHEP_ICE_OUR_PWD);
  whep_random_text (self->cname, CNAME_LENGTH);
  whep_random_bytes (&self->session_id, sizeof (self->session_id));
  self->session_id &= SESSION_ID_MASK;
  do
    whep_random_bytes (self->ssrcs, sizeof (self->ssrcs));
  while (!are_distinct (self->ssrcs));
}

static SdpSource
source_of (const WhepNegotiationParams *params, const Identity *identity,
    WhepTrackKind kind)
{
  const WhepListedTrack *track = &params->listing->tracks[kind];

  return (SdpSource){
    .encoding_name = track->encoding_name,
    .profile_level_id = track->profile_level_id,
    .ssrc = identity->ssrcs[kind],
    .rtx_ssrc = identity->ssrcs[WHEP_N_TRACKS + kind],
  };
}

static SdpSource
rendition_of (const WhepNegotiationParams *params, const Identity *identity)
{
  SdpSource source = source_of (params, identity, WHEP_VIDEO);

  source.encoding_name = params->listing->tracks[WHEP_VIDEO].rendition;
  source.profile_level_id = RENDITION_PROFILE_LEVEL_ID;
  return source;
}

static SdpAnswer *
answer (const SdpOffer *offer, const WhepNegotiationParams *params,
    const Identity *identity, const SdpSource *video, GError **error)
{
  const SdpAnswerParams answer_params = {
    .video = *video,
    .audio = source_of (params, identity, WHEP_AUDIO),
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

/* Answers with the publisher's own video or, if the browser lacks its codec and
 * there is a rendition, with that. */
static SdpAnswer *
answer_somehow (const SdpOffer *offer, const WhepNegotiationParams *params,
    const Identity *identity, gboolean *needs_rendition, GError **error)
{
  SdpSource video = source_of (params, identity, WHEP_VIDEO);
  SdpSource rendition = rendition_of (params, identity);
  g_autoptr (GError) own_error = NULL;
  SdpAnswer *sdp = answer (offer, params, identity, &video, &own_error);

  if (sdp == NULL && rendition.encoding_name != NULL &&
      g_error_matches (own_error, SDP_ERROR, SDP_ERROR_NO_VIDEO_CODEC)) {
    sdp = answer (offer, params, identity, &rendition, NULL);
    *needs_rendition = sdp != NULL;
  }
  if (sdp == NULL)
    g_propagate_error (error, g_steal_pointer (&own_error));
  return sdp;
}

static WhepSenderParams
sender_of (const SdpAnswerMedia *media, const Identity *identity,
    WhepTrackKind kind)
{
  WhepSenderParams sender = {
    .media = *media,
    .ssrc = identity->ssrcs[kind],
    .rtx_ssrc = identity->ssrcs[WHEP_N_TRACKS + kind],
  };

  whep_random_bytes (&sender.first_seq, sizeof (sender.first_seq));
  sender.first_seq &= FIRST_SEQ_MASK;
  whep_random_bytes (&sender.first_rtp_time, sizeof (sender.first_rtp_time));
  return sender;
}

static gint64
new_epoch_us (gint64 now_us)
{
  guint32 random;

  whep_random_bytes (&random, sizeof (random));
  return now_us -
      (gint64) (MIN_EPOCH_S + random % (MAX_EPOCH_S - MIN_EPOCH_S)) *
      G_USEC_PER_SEC;
}

static WhepViewer *
viewer_new (const WhepNegotiationParams *params, const Identity *identity,
    const SdpOffer *offer, const SdpAnswer *sdp, const WhepNegotiation *found)
{
  gint64 now_us = g_get_monotonic_time ();
  WhepViewerParams viewer = {
    .stream_name = params->listing->name,
    .ice_ufrag = params->ice_ufrag,
    .ice_pwd = identity->ice_pwd,
    .remote_ufrag = sdp_offer_ice_ufrag (offer),
    .cname = identity->cname,
    .tracks = {
      [WHEP_VIDEO] = sender_of (&sdp->video, identity, WHEP_VIDEO),
      [WHEP_AUDIO] = sender_of (&sdp->audio, identity, WHEP_AUDIO),
    },
    .takes_rendition = found->needs_rendition,
    .takes_untouched = found->takes_untouched,
    .delay_us = params->delay_us,
    .controls = params->controls,
    .wall_offset_us = g_get_real_time () - now_us,
    .dtls_context = params->dtls_context,
    .asked_us = params->asked_us,
  };
  gboolean is_valid = whep_fingerprint_init (&viewer.fingerprint,
      sdp_offer_fingerprint (offer));

  if (found->takes_untouched)
    viewer.rtp_epoch_us = new_epoch_us (now_us);
  /* Parsing the offer has checked it. */
  g_assert (is_valid);
  return whep_viewer_new (&viewer, now_us);
}

gboolean
whep_negotiation_init (WhepNegotiation *self,
    const WhepNegotiationParams *params, GError **error)
{
  g_autoptr (SdpOffer) offer =
      sdp_offer_parse (params->offer, params->offer_size, error);
  g_autoptr (SdpAnswer) sdp = NULL;
  Identity identity;

  memset (self, 0, sizeof (*self));
  if (offer == NULL)
    return FALSE;
  identity_init (&identity);
  sdp =
      answer_somehow (offer, params, &identity, &self->needs_rendition, error);
  if (sdp == NULL)
    return FALSE;
  self->has_untouched = !self->needs_rendition && sdp->video.is_accepted &&
      whep_listing_has_b_frames (params->listing);
  self->takes_untouched = self->has_untouched && params->wants_untouched;
  self->viewer = viewer_new (params, &identity, offer, sdp, self);
  self->remote_ufrag = g_strdup (sdp_offer_ice_ufrag (offer));
  self->fragment =
      whep_sdpfrag_new_restart (sdp->text, params->ice_ufrag, identity.ice_pwd);
  if (sdp->video.is_accepted)
    self->encoding_names[WHEP_VIDEO] = sdp->video.encoding_name;
  if (sdp->audio.is_accepted)
    self->encoding_names[WHEP_AUDIO] = sdp->audio.encoding_name;
  self->answer = g_steal_pointer (&sdp->text);
  return TRUE;
}

void
whep_negotiation_clear (WhepNegotiation *self)
{
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->remote_ufrag, g_free);
  g_clear_pointer (&self->fragment, g_free);
  g_clear_pointer (&self->viewer, whep_viewer_free);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ICE-lite end of one viewer (RFC 8445 section 2.5, RFC 7675).
 *
 * The browser does all the checking; this side answers its Binding requests
 * and learns from USE-CANDIDATE which address to send to. Messages are read
 * and written by libnice's STUN library. Pure: embedded in the viewer, owned
 * by its media thread. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* RFC 8839 section 5.4: 4 to 256 ice-chars; ours are 8 and 24. */
#define WHEP_ICE_UFRAG_MAX 256
#define WHEP_ICE_OUR_UFRAG 8
#define WHEP_ICE_OUR_PWD 24
/* RFC 7675 section 5.1: consent is lost 30 s after the last valid check. */
#define WHEP_ICE_CONSENT_US (30 * G_USEC_PER_SEC)
/* The first one is due sooner: browsers check as soon as they have the answer,
 * and until then all that is known of a viewer is its offer. */
#define WHEP_ICE_FIRST_CHECK_US (10 * G_USEC_PER_SEC)

/* Of one ICE session; a restart begins another. */
typedef struct
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  gchar pwd[WHEP_ICE_OUR_PWD + 1];
  gchar remote_ufrag[WHEP_ICE_UFRAG_MAX + 1];
} WhepIceCredentials;

typedef struct
{
  WhepIceCredentials credentials;
  /* Those that the address in use was checked with, until the restart has
   * found another; without a ufrag: none. */
  WhepIceCredentials former;
  WhepAddress selected;
  gboolean has_selected;
  guint32 selected_priority; /* its PRIORITY when it was selected */
  gint64 nominated_us;       /* its last USE-CANDIDATE */
  gint64 checked_us;         /* its last check of any kind */
  gint64 consent_until_us;
} WhepIce;

void whep_ice_credentials_init (WhepIceCredentials *self, const gchar *ufrag,
    const gchar *pwd, const gchar *remote_ufrag);

void whep_ice_init (WhepIce *self, const WhepIceCredentials *credentials,
    gint64 now_us);

/* The browser restarts ICE (RFC 8445 section 9). Both sides' credentials are
 * new; what is selected stays in use, and is checked with the former ones,
 * until the browser nominates an address with the new ones. */
void whep_ice_restart (WhepIce *self, const WhepIceCredentials *credentials);

/* Answers a Binding request into @out (success, or the STUN error that says
 * why not). Returns whether @data was a valid check of this viewer's, which
 * renews consent.
 *
 * The newest nomination wins, but for a second after a nomination only one of
 * a higher priority does: browsers that nominate aggressively don't make the
 * address flap. An address that is not checked any more gives way to one that
 * is. Other STUN messages are ignored. */
gboolean whep_ice_receive (WhepIce *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out);

/* Returns: (nullable): where to send, once the browser has nominated it. */
const WhepAddress *whep_ice_selected (const WhepIce *self);

gboolean whep_ice_has_consent (const WhepIce *self, gint64 now_us);

/* Reads our half of USERNAME ("ours:theirs") from a Binding request, without
 * checking its integrity: enough to find the viewer that it is for. @ufrag has
 * room for WHEP_ICE_OUR_UFRAG + 1 characters. */
gboolean whep_ice_peek_ufrag (const guint8 *data, gsize size, gchar *ufrag);

G_END_DECLS

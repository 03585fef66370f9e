/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ICE-lite endpoint of one viewer (RFC 8445 section 2.5, RFC 7675).
 *
 * The browser does all the checking; this end answers its Binding requests and
 * learns from USE-CANDIDATE which address to send to. Messages are parsed and
 * written by libnice's STUN library. Pure: embedded in the viewer, owned by its
 * media thread. */

#pragma once

#include "ext/whep/viewer/outbox.h"

G_BEGIN_DECLS

/* RFC 8839 section 5.4: a ufrag has 4 to 256 ice-chars, a password 22 to 256;
 * ours have 8 and 24. */
#define WHEP_ICE_UFRAG_MAX 256
#define WHEP_ICE_OUR_UFRAG 8
#define WHEP_ICE_OUR_PWD 24
/* RFC 7675 section 5.1: consent is lost 30 s after the last valid check. */
#define WHEP_ICE_CONSENT_US (30 * G_USEC_PER_SEC)
/* The first check is due sooner: browsers start checking as soon as they have
 * the answer, and until then all that we know of a viewer is its offer. */
#define WHEP_ICE_FIRST_CHECK_US (10 * G_USEC_PER_SEC)

/* The credentials of one ICE session; a restart begins another. */
typedef struct
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  gchar pwd[WHEP_ICE_OUR_PWD + 1];
  gchar remote_ufrag[WHEP_ICE_UFRAG_MAX + 1];
} WhepIceCredentials;

typedef struct
{
  WhepIceCredentials credentials;
  /* The credentials that the address in use was checked with, until the restart
   * has selected another address; an empty ufrag means none. */
  WhepIceCredentials former;
  WhepAddress selected;
  gboolean has_selected;
  guint32 selected_priority; /* its PRIORITY when it was selected */
  gint64 nominated_us;       /* last USE-CANDIDATE */
  gint64 checked_us;         /* last check of any kind */
  gint64 consent_until_us;
} WhepIce;

void whep_ice_credentials_init (WhepIceCredentials *self, const gchar *ufrag,
    const gchar *pwd, const gchar *remote_ufrag);

void whep_ice_init (WhepIce *self, const WhepIceCredentials *credentials,
    gint64 now_us);

/* The browser restarts ICE (RFC 8445 section 9). Both sides have new
 * credentials; the selected address stays in use, and is checked with the
 * former credentials, until the browser nominates an address with the new
 * ones. */
void whep_ice_restart (WhepIce *self, const WhepIceCredentials *credentials);

/* Writes the response to a Binding request into @out: success, or the STUN
 * error that says what is wrong. Returns whether @data was a valid check of
 * this viewer, which renews consent.
 *
 * The newest nomination wins, except that within a second of a nomination only
 * one of higher priority does: a browser that nominates aggressively does not
 * make the address flap. An address that is no longer checked is replaced by
 * one that is. Other STUN messages are ignored. */
gboolean whep_ice_receive (WhepIce *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out);

/* Returns: (nullable): the address to send to, once the browser has nominated
 * one. */
const WhepAddress *whep_ice_selected (const WhepIce *self);

gboolean whep_ice_has_consent (const WhepIce *self, gint64 now_us);

/* Reads our half of USERNAME ("ours:theirs") from a Binding request, without
 * checking its integrity: enough to find the viewer that it is meant for.
 * @ufrag has room for WHEP_ICE_OUR_UFRAG + 1 characters. */
gboolean whep_ice_peek_ufrag (const guint8 *data, gsize size, gchar *ufrag);

G_END_DECLS

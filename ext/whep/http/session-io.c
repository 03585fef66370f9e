/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resource of an open session: see session-io.h. */

#include "ext/whep/http/session-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/etag.h"
#include "ext/whep/http/random-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/sdpfrag.h"

WHEP_CATEGORY ("whepsession", "Open sessions of WHEP over HTTP");

#define METHODS "GET, HEAD, PATCH, DELETE, OPTIONS"

static SoupMessageHeaders *
headers (SoupServerMessage *message)
{
  return soup_server_message_get_response_headers (message);
}

void
whep_session_tag (const WhepSession *session, SoupServerMessage *message)
{
  g_autofree gchar *etag = whep_etag_write (session->ice_ufrag);

  soup_message_headers_replace (headers (message), "ETag", etag);
}

/* Whether the request is meant for the current ICE session; if not, replies so
 * (RFC 9110 section 13.1.1, RFC 6585 section 3). */
static gboolean
is_meant (const WhepSession *session, SoupServerMessage *message)
{
  const gchar *if_match =
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "If-Match");

  switch (whep_etag_read (if_match, session->ice_ufrag)) {
    case WHEP_ETAG_MATCHES:
      return TRUE;
    case WHEP_ETAG_DIFFERS:
      whep_reply_problem (message, WHEP_PROBLEM_OTHER_ICE_SESSION,
          "ICE has been restarted since.");
      return FALSE;
    case WHEP_ETAG_MISSING:
      whep_reply_problem (message, WHEP_PROBLEM_IF_MATCH_NEEDED,
          "If-Match must name the ICE session that this is for.");
      return FALSE;
  }
  return FALSE;
}

/* Candidates name their ICE session by its ufrag, which is as good as If-Match.
 * whip-whep, the reference for players, sends them without If-Match. */
static gboolean
names_itself (const WhepSdpFrag *frag, SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);

  return frag->ufrag[0] != '\0' &&
      soup_message_headers_get_list (asked, "If-Match") == NULL;
}

/* Ends soon, because each thread has an equal share of all ufrags. */
static void
new_ufrag (const WhepRegistry *registry, const WhepSession *session,
    gchar *ufrag)
{
  do
    whep_registry_new_ufrag (registry, ufrag);
  while (!whep_media_may_restart_as (registry->media, session->ufrag, ufrag));
}

static void
restart (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message, const gchar *remote_ufrag)
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  gchar pwd[WHEP_ICE_OUR_PWD + 1];
  WhepIceCredentials credentials;
  g_autofree gchar *fragment = NULL;

  new_ufrag (registry, session, ufrag);
  whep_random_text (pwd, WHEP_ICE_OUR_PWD);
  fragment = whep_sdpfrag_new_restart (session->fragment, ufrag, pwd);
  whep_ice_credentials_init (&credentials, ufrag, pwd, remote_ufrag);
  GST_DEBUG ("%s %s: restarting ICE", session->stream, session->ufrag);

  whep_media_restart_ice (registry->media, session->ufrag, &credentials);
  whep_session_table_restart (registry->sessions, session, ufrag, remote_ufrag);
  whep_session_tag (session, message);
  whep_reply_text (message, SOUP_STATUS_OK, WHEP_SESSION_FRAGMENT, fragment);
}

/* As an ICE-lite agent we answer checks from any address and need no
 * candidates, but clients send them. */
static void
take_fragment (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize size;
  const gchar *fragment = g_bytes_get_data (body, &size);
  WhepSdpFrag frag;

  whep_sdpfrag_read (&frag, fragment, size, session->remote_ufrag);
  switch (frag.kind) {
    case WHEP_SDPFRAG_CANDIDATES:
      if (names_itself (&frag, message) || is_meant (session, message))
        whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
      return;
    case WHEP_SDPFRAG_RESTART:
      if (is_meant (session, message))
        restart (registry, session, message, frag.ufrag);
      return;
    case WHEP_SDPFRAG_MALFORMED:
      whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_FRAGMENT,
          "The body is not an SDP fragment.");
      return;
    case WHEP_SDPFRAG_UNUSABLE:
      whep_reply_problem (message, WHEP_PROBLEM_UNUSABLE_FRAGMENT,
          "An ICE restart needs one new ice-ufrag and one ice-pwd.");
      return;
  }
}

/* If-Match is ignored: whichever ICE session is current, these are the viewer's
 * wishes. */
static void
take_controls (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  WhepViewerControls controls = session->controls;
  WhepProblemKind problem;
  const gchar *detail, *text;
  gsize size;

  text = g_bytes_get_data (body, &size);
  if (!whep_session_controls_parse (text, size, &controls, &problem, &detail)) {
    whep_reply_problem (message, problem, detail);
    return;
  }
  GST_DEBUG ("%s %s: wants %s frames, sound %d", session->stream,
      session->ufrag, whep_frames_name (controls.frames), controls.has_sound);
  whep_session_table_control (registry->sessions, session, &controls);
  whep_media_control_viewer (registry->media, session->ufrag, &controls);
  whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
}

static gboolean
has_controls (SoupServerMessage *message)
{
  const gchar *type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (message), NULL);

  return type != NULL &&
      g_ascii_strcasecmp (type, WHEP_SESSION_CONTROLS_TYPE) == 0;
}

/* Ignores If-Match, because the whole session ends. */
static void
end (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message)
{
  whep_registry_end (registry, session, "deleted");
  whep_reply_empty (message, SOUP_STATUS_OK);
}

void
whep_session_serve (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);

  soup_message_headers_replace (headers (message), "Accept-Patch",
      WHEP_SESSION_PATCHES);
  if (method == SOUP_METHOD_DELETE)
    end (registry, session, message);
  else if (method == g_intern_static_string ("PATCH") && has_controls (message))
    take_controls (registry, session, message);
  else if (method == g_intern_static_string ("PATCH"))
    take_fragment (registry, session, message);
  else if (method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD)
    whep_reply_text (message, SOUP_STATUS_OK, "application/sdp", "");
  else
    whep_reply_not_allowed (message, METHODS);
}

void
whep_session_describe (SoupServerMessage *message)
{
  soup_message_headers_replace (headers (message), "Accept-Patch",
      WHEP_SESSION_PATCHES);
  whep_reply_options (message, METHODS);
}

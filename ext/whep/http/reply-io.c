/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to HTTP requests: see reply-io.h. */

#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/bframes.h"
#include "ext/whep/http/etag.h"
#include "ext/whep/http/playbackdelay.h"

#include <string.h>

/* The detail of an error reply, attached to its message. */
#define REASON_KEY "whep-reason"
/* Likewise its type. */
#define TYPE_KEY "whep-problem-type"
#define EVENT_STREAM "text/event-stream"
#define MP4 "video/mp4"
/* A day, because what other sites may request does not change. */
#define PREFLIGHT_MAX_AGE_S "86400"

typedef struct
{
  const gchar *name, *value;
} Header;

/* For pages of other origins that may read the reply: there are no cookies that
 * they could misuse. */
static const Header cors_headers[] = {
  { "Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE, OPTIONS" },
  { "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
  { "Access-Control-Expose-Headers",
      "Location, ETag, Link, Retry-After, Accept-Patch, Accept-Post, "
      "WWW-Authenticate, " WHEP_B_FRAMES_HEADER
      ", " WHEP_PLAYBACK_DELAY_HEADER },
};

static const Header every_reply[] = {
  { "Cache-Control", "no-cache" },
  { "Referrer-Policy", "no-referrer" },
  { "X-Content-Type-Options", "nosniff" },
};

/* Pictures and MP4 that are requested with a token become blobs. Other sites
 * may embed the pages in a frame: frame-ancestors is not restricted. */
#define CONTENT_SECURITY_POLICY                                                \
  "default-src 'none'; script-src 'self'; worker-src 'self'; "                 \
  "style-src 'self'; connect-src 'self'; img-src 'self' blob:; "               \
  "media-src 'self' blob:; base-uri 'self'; form-action 'none'"

/* libsoup does not know the status codes of RFC 6585. */
static const gchar *
phrase_of (guint status)
{
  switch (status) {
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    default:
      return soup_status_get_phrase (status);
  }
}

static SoupMessageHeaders *
headers (SoupServerMessage *message)
{
  return soup_server_message_get_response_headers (message);
}

static void
add_headers (SoupServerMessage *message, const Header *added, guint n_added)
{
  for (guint i = 0; i < n_added; i++)
    soup_message_headers_replace (headers (message), added[i].name,
        added[i].value);
}

void
whep_reply_begin (SoupServerMessage *message, const gchar *origin,
    gboolean varies)
{
  add_headers (message, every_reply, G_N_ELEMENTS (every_reply));
  if (varies)
    soup_message_headers_append (headers (message), "Vary", "Origin");
  if (origin == NULL)
    return;
  soup_message_headers_replace (headers (message),
      "Access-Control-Allow-Origin", origin);
  add_headers (message, cors_headers, G_N_ELEMENTS (cors_headers));
}

void
whep_reply_empty (SoupServerMessage *message, guint status)
{
  soup_server_message_set_status (message, status, NULL);
  /* libsoup closes the connection after a reply without a length, and 204 has
   * none. */
  if (status == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_replace (headers (message), "Connection", "close");
  else
    soup_message_headers_set_content_length (headers (message), 0);
}

void
whep_reply_text (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text)
{
  soup_server_message_set_status (message, status, phrase_of (status));
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_COPY,
      text, strlen (text));
}

void
whep_reply_bytes (SoupServerMessage *message, const gchar *content_type,
    GBytes *bytes)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_replace (headers (message), "Content-Type",
      content_type);
  soup_message_body_append_bytes (soup_server_message_get_response_body (
                                      message),
      bytes);
}

gboolean
whep_reply_unmodified (SoupServerMessage *message, const gchar *etag)
{
  g_autofree gchar *written = whep_etag_write (etag);
  const gchar *known =
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "If-None-Match");

  soup_message_headers_replace (headers (message), "ETag", written);
  if (!whep_etag_is_known (known, etag))
    return FALSE;
  soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
  return TRUE;
}

/* RFC 9110 section 12.5.3; a coding with q=0 is not acceptable. */
static gboolean
accepts_gzip (SoupServerMessage *message)
{
  const gchar *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "Accept-Encoding");
  GSList *accepted, *found;

  if (accept == NULL)
    return FALSE;
  accepted = soup_header_parse_quality_list (accept, NULL);
  found =
      g_slist_find_custom (accepted, "gzip", (GCompareFunc) g_ascii_strcasecmp);
  soup_header_free_list (accepted);
  return found != NULL;
}

void
whep_reply_representation (SoupServerMessage *message,
    const WhepRepresentation *file)
{
  gboolean is_gzipped = file->gzipped != NULL && accepts_gzip (message);

  soup_message_headers_append (headers (message), "Vary", "Accept-Encoding");
  if (whep_reply_unmodified (message,
          is_gzipped ? file->gzipped_etag : file->etag))
    return;
  if (is_gzipped)
    soup_message_headers_replace (headers (message), "Content-Encoding",
        "gzip");
  whep_reply_bytes (message, file->content_type,
      is_gzipped ? file->gzipped : file->bytes);
}

/* HTTP/1.0, which some proxies use, has no chunked encoding. */
static void
begin_stream (SoupServerMessage *message)
{
  gboolean has_chunks =
      soup_server_message_get_http_version (message) != SOUP_HTTP_1_0;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers (message),
      has_chunks ? SOUP_ENCODING_CHUNKED : SOUP_ENCODING_EOF);
  /* nginx would otherwise buffer the reply. */
  soup_message_headers_replace (headers (message), "X-Accel-Buffering", "no");
  soup_message_body_set_accumulate (soup_server_message_get_response_body (
                                        message),
      FALSE);
}

void
whep_reply_stream (SoupServerMessage *message)
{
  begin_stream (message);
  soup_message_headers_set_content_type (headers (message), EVENT_STREAM, NULL);
}

void
whep_reply_mp4 (SoupServerMessage *message, const gchar *codecs)
{
  g_autofree gchar *type = codecs == NULL
      ? g_strdup (MP4)
      : g_strdup_printf (MP4 "; codecs=\"%s\"", codecs);

  begin_stream (message);
  soup_message_headers_replace (headers (message), "Content-Type", type);
}

gboolean
whep_reply_is_stream (SoupServerMessage *message)
{
  const gchar *content_type =
      soup_message_headers_get_content_type (headers (message), NULL);

  return g_strcmp0 (content_type, EVENT_STREAM) == 0;
}

void
whep_reply_page (SoupServerMessage *message, guint status,
    const WhepRepresentation *page)
{
  soup_message_headers_replace (headers (message), "Content-Security-Policy",
      CONTENT_SECURITY_POLICY);
  /* Without conditions, which only hold for a success (RFC 9110 section
   * 13.2.1). */
  if (status != SOUP_STATUS_OK)
    soup_message_headers_remove (soup_server_message_get_request_headers (
                                     message),
        "If-None-Match");
  whep_reply_representation (message, page);
  if (status != SOUP_STATUS_OK)
    soup_server_message_set_status (message, status, NULL);
}

void
whep_reply_moved (SoupServerMessage *message, const gchar *location)
{
  soup_message_headers_replace (headers (message), "Location", location);
  whep_reply_empty (message, SOUP_STATUS_MOVED_PERMANENTLY);
}

/* With the same method, unlike 301. */
static void
redirect (SoupServerMessage *message, const gchar *location, guint status)
{
  soup_message_headers_replace (headers (message), "Location", location);
  /* The request's body is discarded. */
  soup_message_body_set_accumulate (soup_server_message_get_request_body (
                                        message),
      FALSE);
  whep_reply_empty (message, status);
}

void
whep_reply_elsewhere (SoupServerMessage *message, const gchar *location)
{
  redirect (message, location, SOUP_STATUS_TEMPORARY_REDIRECT);
}

void
whep_reply_moved_for_good (SoupServerMessage *message, const gchar *location)
{
  redirect (message, location, SOUP_STATUS_PERMANENT_REDIRECT);
}

/* Browsers name the type; a client that accepts anything is a program. */
gboolean
whep_reply_wants_page (SoupServerMessage *message)
{
  const gchar *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "Accept");

  return accept != NULL && strstr (accept, "text/html") != NULL;
}

void
whep_reply_rejection (SoupServerMessage *message, const WhepProblem *problem,
    const gchar *detail)
{
  g_autofree gchar *json = whep_problem_to_json (problem, detail);

  /* The rest of a rejected body is discarded. */
  soup_message_body_set_accumulate (soup_server_message_get_request_body (
                                        message),
      FALSE);
  whep_reply_text (message, problem->status, "application/problem+json", json);
  g_object_set_data_full (G_OBJECT (message), REASON_KEY, g_strdup (detail),
      g_free);
  g_object_set_data (G_OBJECT (message), TYPE_KEY, (gpointer) problem->type);
}

const gchar *
whep_reply_problem_type (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), TYPE_KEY);
}

const gchar *
whep_reply_reason (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), REASON_KEY);
}

void
whep_reply_problem (SoupServerMessage *message, WhepProblemKind kind,
    const gchar *detail)
{
  whep_reply_rejection (message, whep_problem (kind), detail);
}

void
whep_reply_later (SoupServerMessage *message, WhepProblemKind kind,
    guint retry_after_s, const gchar *detail)
{
  g_autofree gchar *seconds = g_strdup_printf ("%u", retry_after_s);

  soup_message_headers_replace (headers (message), "Retry-After", seconds);
  whep_reply_problem (message, kind, detail);
}

void
whep_reply_not_allowed (SoupServerMessage *message, const gchar *allow)
{
  soup_message_headers_replace (headers (message), "Allow", allow);
  whep_reply_problem (message, WHEP_PROBLEM_NO_METHOD,
      "This resource does not support the method.");
}

void
whep_reply_options (SoupServerMessage *message, const gchar *allow)
{
  soup_message_headers_replace (headers (message), "Allow", allow);
  soup_message_headers_replace (headers (message), "Access-Control-Max-Age",
      PREFLIGHT_MAX_AGE_S);
  whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
}

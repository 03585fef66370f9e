/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of whepbench: see options.h. */

#include "whepbench/options.h"
#include "whepbench/crowd-io.h"
#include "whepbench/peersdp.h"

#define MAX_RATE 10000
#define MAX_DURATION_S (24 * 60 * 60)
#define MAX_TOKEN_BYTES 8192

static gboolean
fail (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        format, args);
  va_end (args);
  return FALSE;
}

static gboolean
is_url (const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const gchar *scheme = uri == NULL ? NULL : g_uri_get_scheme (uri);

  return scheme != NULL && g_uri_get_host (uri) != NULL &&
      *g_uri_get_host (uri) != '\0' &&
      (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"));
}

static gboolean
check_urls (const BenchOptions *self, GError **error)
{
  if (self->urls == NULL || self->urls[0] == NULL)
    return fail (error, "which WHEP endpoint? Give its URL, or see --help");
  for (guint i = 0; self->urls[i] != NULL; i++)
    if (!is_url (self->urls[i]))
      return fail (error,
          "“%s” is not a URL of http: or https:", self->urls[i]);
  return TRUE;
}

gboolean
bench_token_is_valid (const gchar *token)
{
  gsize size = strlen (token);

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isgraph (token[i]))
      return FALSE;
  return size > 0 && size <= MAX_TOKEN_BYTES;
}

static gboolean
check_codec (BenchOptions *self, GError **error)
{
  const gchar *name;

  if (self->video_codec == NULL)
    return TRUE;
  if (self->is_audio_only)
    return fail (error, "--audio-only and --video-codec exclude each other");
  for (guint i = 0; (name = peer_codec_at (i)) != NULL; i++)
    if (g_ascii_strcasecmp (self->video_codec, name) == 0)
      return TRUE;
  return fail (error,
      "--video-codec: “%s” is none of H264, VP8, VP9, H265 and AV1",
      self->video_codec);
}

static gboolean
check (BenchOptions *self, GError **error)
{
  if (self->n_viewers < 1 || self->n_viewers > CROWD_MAX_PEERS)
    return fail (error, "--viewers: from 1 to %d", CROWD_MAX_PEERS);
  /* Not a number is neither. */
  if (!(self->rate > 0 && self->rate <= MAX_RATE))
    return fail (error, "--rate: above 0, and at most %d", MAX_RATE);
  if (self->duration_s < 0 || self->duration_s > MAX_DURATION_S)
    return fail (error, "--duration: from 0 to %d seconds", MAX_DURATION_S);
  if (self->token != NULL && self->token_file != NULL)
    return fail (error, "--token and --token-file exclude each other");
  if (self->token != NULL && !bench_token_is_valid (self->token))
    return fail (error, "--token: not a token");
  return check_codec (self, error) && check_urls (self, error);
}

static GOptionContext *
context_new (const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new ("URL…");

  g_option_context_set_summary (context,
      "Watches streams of a WHEP server as many browsers would, and reports "
      "how "
      "fast\nthey get a picture and what they miss of it.");
  g_option_context_set_description (context,
      "Each URL is that of a WHEP endpoint; with several, viewers take turns. "
      "The exit\nstatus is 0 if every viewer got a picture and kept it, 1 if "
      "one did not, and 2 if\nthe command is wrong.\n\n"
      "Example:\n  whepbench --viewers=100 --rate=20 "
      "http://localhost:8080/whep/live/cam");
  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

gboolean
bench_options_parse (BenchOptions *self, gint *argc, gchar ***argv,
    GError **error)
{
  const GOptionEntry entries[] = {
    { "viewers", 'n', 0, G_OPTION_ARG_INT, &self->n_viewers,
        "How many viewers watch (1)", "N" },
    { "rate", 'r', 0, G_OPTION_ARG_DOUBLE, &self->rate,
        "How many of them join a second (10)", "N" },
    { "duration", 'd', 0, G_OPTION_ARG_INT, &self->duration_s,
        "How long they watch together (10)", "SECONDS" },
    { "audio-only", 0, 0, G_OPTION_ARG_NONE, &self->is_audio_only,
        "Offer no video", NULL },
    { "video-codec", 0, 0, G_OPTION_ARG_STRING, &self->video_codec,
        "Offer H264, VP8, VP9, H265 or AV1 alone, not all", "NAME" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &self->token,
        "Bearer token; other users of this machine see it", "TOKEN" },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->token_file,
        "File whose first line is the bearer token", "FILE" },
    { "insecure", 0, 0, G_OPTION_ARG_NONE, &self->is_insecure,
        "Trust any certificate", NULL },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &self->is_strict,
        "Fail if an answer breaks a rule, too", NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &self->is_json,
        "Report a line of JSON", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->shows_version,
        "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->urls, NULL,
        NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = context_new (entries);

  *self = (BenchOptions){ .n_viewers = 1, .rate = 10, .duration_s = 10 };
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  return self->shows_version || check (self, error);
}

void
bench_options_clear (BenchOptions *self)
{
  g_strfreev (self->urls);
  g_free (self->token);
  g_free (self->token_file);
  g_free (self->video_codec);
  *self = (BenchOptions){ NULL };
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the pages on the wire: how they are compressed, how a cache asks
 * for them again, and how large they are. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Of a page with everything that it loads. */
#define MAX_PAGE_BYTES 60000
/* Of all pages with everything. */
#define MAX_ALL_BYTES 120000

static const gchar *const paths[] = {
  "/",
  "/watch/live/cam",
  "/watch/live/a/b%2Fc",
  "/embed/live/cam",
  "/wall",
};

/* Replies without decoding them. @header: (nullable): one more. */
static Reply
fetch (WhepServer *self, const gchar *method, const gchar *path,
    const gchar *coding, const gchar *header, const gchar *value)
{
  SoupMessage *message = whep_server_message (self, method, path);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  if (coding != NULL)
    soup_message_headers_replace (headers, "Accept-Encoding", coding);
  if (header != NULL)
    soup_message_headers_replace (headers, header, value);
  return whep_server_send (self, message);
}

static const struct
{
  const gchar *accept;
  gboolean is_gzipped;
} codings[] = {
  { NULL, FALSE },
  { "", FALSE },
  { "gzip", TRUE },
  { "GZIP", TRUE },
  { "gzip, deflate, br, zstd", TRUE },
  { "br;q=1.0, gzip;q=0.5", TRUE },
  { "gzip;q=0, deflate", FALSE },
  { "identity", FALSE },
  { "br", FALSE },
  { ",;q=gzip,,", FALSE },
};

static void
assert_coding (WhepServer *self, const gchar *path, guint i)
{
  g_auto (Reply) reply =
      fetch (self, "GET", path, codings[i].accept, NULL, NULL);
  g_auto (Reply) head =
      fetch (self, "HEAD", path, codings[i].accept, NULL, NULL);
  gboolean is_gzipped =
      g_str_equal (reply_header (&reply, "Content-Encoding"), "gzip");
  gboolean has_magic = g_str_has_prefix (reply.body, "\x1f\x8b");

  ck_assert_uint_eq (reply.status, 200);
  ck_assert_msg (is_gzipped == codings[i].is_gzipped, "%s: %s", path,
      codings[i].accept);
  ck_assert_int_eq (has_magic, is_gzipped);
  ck_assert (strstr (reply_header (&reply, "Vary"), "Accept-Encoding") != NULL);
  ck_assert_str_eq (reply_header (&head, "ETag"),
      reply_header (&reply, "ETag"));
  ck_assert_str_eq (reply_header (&head, "Content-Length"),
      reply_header (&reply, "Content-Length"));
}

GST_START_TEST (a_file_is_compressed_for_clients_that_accept_gzip)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
    assert_coding (&server, "/", i);
    assert_coding (&server, "/whep.js", i);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* What a client decodes is what a client gets that asked for no coding. */
GST_START_TEST (a_compressed_file_has_the_same_content)
{
  WhepServer server;

  whep_server_init (&server, 10);
  {
    g_auto (Reply) plain =
        fetch (&server, "GET", "/player.css", NULL, NULL, NULL);
    g_auto (Reply) decoded = whep_server_ask (&server, "GET", "/player.css");

    ck_assert_str_eq (reply_header (&decoded, "Content-Encoding"), "gzip");
    ck_assert_str_eq (decoded.body, plain.body);
    ck_assert_uint_gt (strlen (plain.body), 0);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static void
assert_is_cached (WhepServer *self, const gchar *path, const gchar *coding)
{
  g_auto (Reply) first = fetch (self, "GET", path, coding, NULL, NULL);
  const gchar *tag = reply_header (&first, "ETag");
  g_auto (Reply) again =
      fetch (self, "GET", path, coding, "If-None-Match", tag);
  g_auto (Reply) other =
      fetch (self, "GET", path, coding, "If-None-Match", "\"older\"");
  g_auto (Reply) missing =
      fetch (self, "GET", "/no-such-file", coding, "If-None-Match", tag);

  ck_assert_str_ne (tag, "");
  ck_assert_str_eq (reply_header (&first, "Cache-Control"), "no-cache");
  ck_assert_uint_eq (again.status, 304);
  ck_assert_str_eq (again.body, "");
  ck_assert_str_eq (reply_header (&again, "ETag"), tag);
  ck_assert (strstr (reply_header (&again, "Vary"), "Accept-Encoding") != NULL);
  ck_assert_uint_eq (other.status, 200);
  ck_assert_uint_eq (missing.status, 404);
}

GST_START_TEST (a_cache_asks_again_and_gets_304)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    assert_is_cached (&server, paths[i], NULL);
    assert_is_cached (&server, paths[i], "gzip");
  }
  assert_is_cached (&server, "/whep.js", NULL);
  assert_is_cached (&server, "/whep.js", "gzip");
  whep_server_clear (&server);
}
GST_END_TEST;

/* A strong tag stands for bytes, which those of two codings are not. */
GST_START_TEST (each_coding_and_each_root_has_its_own_tag)
{
  WhepServer server;

  whep_server_init (&server, 10);
  {
    g_auto (Reply) plain = fetch (&server, "GET", paths[1], NULL, NULL, NULL);
    g_auto (Reply) coded = fetch (&server, "GET", paths[1], "gzip", NULL, NULL);
    g_auto (Reply) deeper = fetch (&server, "GET", paths[2], NULL, NULL, NULL);

    ck_assert_str_ne (reply_header (&plain, "ETag"),
        reply_header (&coded, "ETag"));
    ck_assert_str_ne (reply_header (&plain, "ETag"),
        reply_header (&deeper, "ETag"));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* Of all files that @text names: in src, href, imports, and what a script loads
 * later. */
static void
add_files (WhepServer *self, const gchar *text, GHashTable *seen,
    gsize *n_bytes)
{
  g_autoptr (GRegex) link =
      g_regex_new ("(?:src|href)=\"([\\w-]+\\.\\w+)\"|'\\./([\\w-]+\\.\\w+)'",
          0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (link, text, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree gchar *in_page = g_match_info_fetch (match, 1);
    g_autofree gchar *in_script = g_match_info_fetch (match, 2);
    g_autofree gchar *path = g_strconcat ("/", in_page, in_script, NULL);

    if (!g_hash_table_add (seen, g_strdup (path)))
      continue;
    {
      g_auto (Reply) reply = whep_server_ask (self, "GET", path);

      ck_assert_msg (reply.status == 200, "%s: %u", path, reply.status);
      *n_bytes +=
          g_ascii_strtoull (reply_header (&reply, "Content-Length"), NULL, 10);
      add_files (self, reply.body, seen, n_bytes);
    }
  }
}

/* Bodies only: the headers depend on the client and on proxies. */
static gsize
size_of_page (WhepServer *self, const gchar *path)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (Reply) page = whep_server_ask (self, "GET", path);
  gsize n_bytes =
      g_ascii_strtoull (reply_header (&page, "Content-Length"), NULL, 10);

  add_files (self, page.body, seen, &n_bytes);
  ck_assert_uint_gt (g_hash_table_size (seen), 2);
  return n_bytes;
}

GST_START_TEST (a_page_with_all_that_it_loads_is_small)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    gsize n_bytes = size_of_page (&server, paths[i]);

    ck_assert_msg (n_bytes > 1000 && n_bytes <= MAX_PAGE_BYTES,
        "%s takes %" G_GSIZE_FORMAT " bytes", paths[i], n_bytes);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (all_pages_together_are_small)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  WhepServer server;
  gsize n_bytes = 0;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Reply) page = whep_server_ask (&server, "GET", paths[i]);

    n_bytes +=
        g_ascii_strtoull (reply_header (&page, "Content-Length"), NULL, 10);
    add_files (&server, page.body, seen, &n_bytes);
  }
  ck_assert_msg (n_bytes > 1000 && n_bytes <= MAX_ALL_BYTES,
      "they take %" G_GSIZE_FORMAT " bytes", n_bytes);
  whep_server_clear (&server);
}
GST_END_TEST;

/* In the order in which a browser finds them: without the links, it would see
 * an import only in the module that has it. */
static void
assert_is_preloaded (WhepServer *self, const gchar *page, const gchar *name)
{
  g_autofree gchar *path = g_strconcat ("/", name, NULL);
  g_auto (Reply) reply = whep_server_ask (self, "GET", path);
  g_autoptr (GRegex) import = g_regex_new ("from '\\./([\\w.-]+)'", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (import, reply.body, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree gchar *module = g_match_info_fetch (match, 1);
    g_autofree gchar *link =
        g_strdup_printf ("<link rel=\"modulepreload\" href=\"%s\">", module);
    const gchar *found = strstr (page, link);

    ck_assert_msg (found != NULL, "%s imports %s", name, module);
    ck_assert_msg (strstr (found + 1, link) == NULL, "%s twice", module);
    assert_is_preloaded (self, page, module);
  }
}

GST_START_TEST (a_page_names_every_module_that_it_imports_once)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Reply) page = whep_server_ask (&server, "GET", paths[i]);
    const gchar *script = strstr (page.body, "<script type=\"module\" src=\"");
    g_autofree gchar *name = NULL;

    ck_assert (script != NULL);
    script += strlen ("<script type=\"module\" src=\"");
    name = g_strndup (script, strcspn (script, "\""));
    ck_assert (strstr (page.body, "modulepreload") < script);
    assert_is_preloaded (&server, page.body, name);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* What the policy forbids, so that a browser would ignore it. */
static const gchar *const inline_code[] = {
  "<script>",
  "<style",
  "style=",
  "javascript:",
  " onclick=",
  " onload=",
};

static const gchar *const directives[] = {
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "base-uri 'self'",
  "form-action 'none'",
};

static void
assert_has_policy (const Reply *page)
{
  g_auto (GStrv) policy =
      g_strsplit (reply_header (page, "Content-Security-Policy"), "; ", -1);

  ck_assert_uint_eq (g_strv_length (policy), G_N_ELEMENTS (directives));
  for (guint i = 0; i < G_N_ELEMENTS (directives); i++)
    ck_assert_msg (g_strv_contains ((const gchar *const *) policy,
                       directives[i]),
        "%s", directives[i]);
  for (guint i = 0; i < G_N_ELEMENTS (inline_code); i++)
    ck_assert_msg (strstr (page->body, inline_code[i]) == NULL, "%s",
        inline_code[i]);
}

GST_START_TEST (pages_run_no_code_but_that_of_their_files)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Reply) page = whep_server_ask (&server, "GET", paths[i]);
    g_auto (Reply) missing =
        fetch (&server, "GET", "/no-such-file", NULL, "Accept", "text/html");

    assert_has_policy (&page);
    assert_has_policy (&missing);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepfiles_suite (void)
{
  Suite *suite = suite_create ("whepfiles");
  TCase *tcase = tcase_create ("whepfiles");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_file_is_compressed_for_clients_that_accept_gzip);
  tcase_add_test (tcase, a_compressed_file_has_the_same_content);
  tcase_add_test (tcase, a_cache_asks_again_and_gets_304);
  tcase_add_test (tcase, each_coding_and_each_root_has_its_own_tag);
  tcase_add_test (tcase, a_page_with_all_that_it_loads_is_small);
  tcase_add_test (tcase, all_pages_together_are_small);
  tcase_add_test (tcase, a_page_names_every_module_that_it_imports_once);
  tcase_add_test (tcase, pages_run_no_code_but_that_of_their_files);
  return suite;
}

GST_CHECK_MAIN (whepfiles);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short names of browsers. */

#include "ext/whep/http/browsername.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *user_agent, *name;
} agents[] = {
  { "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Firefox 128" },
  { "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36",
      "Chrome 131" },
  { "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/131.0.0.0 Safari/537.36",
      "Chrome 131" },
  { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
      "Edge 131" },
  { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.4 Safari/605.1.15",
      "Safari 17" },
  { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 "
    "Mobile/15E148 Safari/604.1",
      "Chrome 131" },
  { "GStreamer souphttpsrc 1.22.0 libsoup/3.2.3", "GStreamer" },
  { "curl/7.88.1", "curl 7" },
  { "whip-whep/x", "whip-whep" },
  { "Firefox/", "Firefox" },
  { "Firefox/1234567890123456789", "Firefox" },
  { "a name of its own; (and more)", "a" },
  { "x\x01\xffy/3", "x??y 3" },
  { "a-product-with-a-name-that-does-not-end-before-the-limit/123456789012345",
      "a-product-with-a-name-that-does 123456789012345" },
  { "/3", " 3" },
  { "", "" },
};

GST_START_TEST (a_user_agent_has_a_short_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (agents); i++) {
    gchar name[WHEP_BROWSER_NAME_MAX + 1];

    whep_browser_name_parse (agents[i].user_agent, name);
    ck_assert_str_eq (name, agents[i].name);
  }
}
GST_END_TEST;

static Suite *
browsername_suite (void)
{
  Suite *suite = suite_create ("browsername");
  TCase *tcase = tcase_create ("browsername");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_user_agent_has_a_short_name);
  return suite;
}

GST_CHECK_MAIN (browsername);

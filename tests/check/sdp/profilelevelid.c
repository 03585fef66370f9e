/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264's profile-level-ids are read exactly, and rewritten in place. */

#include "gst/sdp/profilelevelid.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *digits;
  gboolean is_id;
  guint32 id;
} ids[] = {
  { "42e01f", TRUE, 0x42e01f },
  { "640C34", TRUE, 0x640c34 },
  { "", FALSE },
  { "42e01", FALSE },
  { "42e01f0", FALSE },
  { "42e01g", FALSE },
  { " 42e01f", FALSE },
  { "0x42e0", FALSE },
  { "-2e01f", FALSE },
};

GST_START_TEST (an_id_is_six_hex_digits)
{
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    guint32 id = 0;

    ck_assert_msg (sdp_profile_level_id_parse (ids[i].digits,
                       strlen (ids[i].digits), &id) == ids[i].is_id,
        "\"%s\"", ids[i].digits);
    ck_assert_uint_eq (id, ids[i].id);
  }
}
GST_END_TEST;

static guint32
one_higher (const SdpDocument *document, guint index, gconstpointer data,
    guint32 id)
{
  return id == 0x640028 ? id : id + 1;
}

GST_START_TEST (each_id_is_rewritten_in_place)
{
  g_autoptr (SdpDocument) document =
      sdp_document_new ("v=0\na=fmtp:1 a=b;profile-level-id=42E01F;c=d\n"
                        "a=fmtp:2 profile-level-id=640028\n"
                        "a=fmtp:3 profile-level-id=42e01\n"
                        "a=fmtp:5 x-profile-level-id=42e01f\n"
                        "a=x:4 profile-level-id=42e01f\n",
          NULL);
  g_autofree gchar *text = NULL;

  ck_assert_uint_eq (sdp_profile_level_id_rewrite (document, one_higher, NULL),
      1);
  text = sdp_document_to_text (document);
  ck_assert_str_eq (text,
      "v=0\na=fmtp:1 a=b;profile-level-id=42e020;c=d\n"
      "a=fmtp:2 profile-level-id=640028\n"
      "a=fmtp:3 profile-level-id=42e01\n"
      "a=fmtp:5 x-profile-level-id=42e01f\n"
      "a=x:4 profile-level-id=42e01f\n");
}
GST_END_TEST;

GST_START_TEST (the_id_of_a_section_is_read)
{
  gchar m_line[] = "video 9 UDP/TLS/RTP/SAVPF 96 97";
  gchar fmtp[] = "fmtp:96 profile-level-id=42e034";
  SdpSection section = { 0 };
  guint32 id = 7;

  sdp_section_begin (&section, m_line);
  sdp_section_read (&section, fmtp);
  sdp_profile_level_id_read_section (&section, 97, &id);
  sdp_profile_level_id_read_section (&section, 98, &id);
  ck_assert_uint_eq (id, 7);
  sdp_profile_level_id_read_section (&section, 96, &id);
  ck_assert_uint_eq (id, 0x42e034);
  sdp_section_clear (&section);
}
GST_END_TEST;

static Suite *
profilelevelid_suite (void)
{
  Suite *suite = suite_create ("profilelevelid");
  TCase *tcase = tcase_create ("profilelevelid");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_id_is_six_hex_digits);
  tcase_add_test (tcase, each_id_is_rewritten_in_place);
  tcase_add_test (tcase, the_id_of_a_section_is_read);
  return suite;
}

GST_CHECK_MAIN (profilelevelid);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser's checks are answered, its nominations followed, strangers
 * rejected. */

#include "ext/whep/viewer/ice.h"

#include <arpa/inet.h>
#include <gst/check/gstcheck.h>
#include <stun/stunagent.h>
#include <string.h>

#define OURS "Abcd1234"
#define PWD "abcdefghijklmnopqrstuvwx"
#define THEIRS "remoteUfrag+/"
#define START_US (1000 * G_USEC_PER_SEC)
#define SECOND_US G_USEC_PER_SEC
#define HIGH 0x7effffff
#define LOW 0x6effffff
#define ROOM 2048

static const WhepAddress V4 = {
  .remote_ip = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 7 },
  .remote_port = 40000,
};
static const WhepAddress V6 = {
  .remote_ip = { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 },
  .remote_port = 50000,
};

/* A browser: a full, controlling agent. */
typedef struct
{
  StunAgent agent;
  const gchar *username;
  const gchar *pwd;
  gboolean nominates;
  gboolean is_controlled;
  guint32 priority;
  guint16 extra_attribute; /* 0: none */
  guint8 bytes[ROOM];
  gsize size;
} Browser;

static WhepIce ice;
static WhepOutbox *out;

static void
browser_init (Browser *self)
{
  memset (self, 0, sizeof (*self));
  stun_agent_init (&self->agent, STUN_ALL_KNOWN_ATTRIBUTES,
      STUN_COMPATIBILITY_RFC5389,
      STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS |
          STUN_AGENT_USAGE_USE_FINGERPRINT);
  self->username = OURS ":" THEIRS;
  self->pwd = PWD;
  self->priority = HIGH;
}

static void
browser_writes (Browser *self)
{
  StunMessage message;

  ck_assert (stun_agent_init_request (&self->agent, &message, self->bytes,
      sizeof (self->bytes), STUN_BINDING));
  if (self->nominates)
    stun_message_append_flag (&message, STUN_ATTRIBUTE_USE_CANDIDATE);
  stun_message_append32 (&message, STUN_ATTRIBUTE_PRIORITY, self->priority);
  stun_message_append64 (&message,
      self->is_controlled ? STUN_ATTRIBUTE_ICE_CONTROLLED
                          : STUN_ATTRIBUTE_ICE_CONTROLLING,
      1);
  if (self->extra_attribute != 0)
    stun_message_append32 (&message, self->extra_attribute, 1);
  if (self->username != NULL)
    stun_message_append_string (&message, STUN_ATTRIBUTE_USERNAME,
        self->username);
  self->size = stun_agent_finish_message (&self->agent, &message,
      (const guint8 *) self->pwd, self->pwd != NULL ? strlen (self->pwd) : 0);
  ck_assert_uint_gt (self->size, 0);
}

static gboolean
browser_checks (Browser *self, const WhepAddress *from, gint64 now_us)
{
  whep_outbox_flush (out);
  browser_writes (self);
  return whep_ice_receive (&ice, self->bytes, self->size, from, now_us, out);
}

/* Sends a check of which only the effect matters. */
static void
check_from (const WhepAddress *from, gboolean nominates, guint32 priority,
    gint64 now_us)
{
  Browser browser;

  browser_init (&browser);
  browser.nominates = nominates;
  browser.priority = priority;
  ck_assert (browser_checks (&browser, from, now_us));
}

/* Parses the only datagram in the outbox as the browser does. */
static StunValidationStatus
browser_reads (Browser *self, const WhepAddress *from, StunMessage *answer)
{
  ck_assert_uint_eq (out->n_runs, 1);
  ck_assert_uint_eq (out->runs[0].n_segments, 1);
  ck_assert (whep_address_equal (&out->runs[0].to, from));
  return stun_agent_validate (&self->agent, answer, out->bytes, out->size, NULL,
      NULL);
}

static void
setup (void)
{
  WhepIceCredentials credentials;

  out = whep_outbox_new ();
  whep_ice_credentials_init (&credentials, OURS, PWD, THEIRS);
  whep_ice_init (&ice, &credentials, START_US);
}

static void
teardown (void)
{
  whep_outbox_free (out);
}

static void
assert_mapped (const StunMessage *answer, const WhepAddress *from)
{
  struct sockaddr_storage mapped;
  socklen_t size = sizeof (mapped);
  const struct sockaddr_in *v4 = (const struct sockaddr_in *) &mapped;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) &mapped;

  ck_assert_int_eq (stun_message_find_xor_addr (answer,
                        STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, &mapped, &size),
      STUN_MESSAGE_RETURN_SUCCESS);
  if (from == &V4) {
    ck_assert_int_eq (mapped.ss_family, AF_INET);
    ck_assert_uint_eq (ntohs (v4->sin_port), from->remote_port);
    ck_assert (memcmp (&v4->sin_addr, from->remote_ip + 12, 4) == 0);
  } else {
    ck_assert_int_eq (mapped.ss_family, AF_INET6);
    ck_assert_uint_eq (ntohs (v6->sin6_port), from->remote_port);
    ck_assert (memcmp (&v6->sin6_addr, from->remote_ip, 16) == 0);
  }
}

GST_START_TEST (a_check_is_answered_with_the_address_it_came_from)
{
  const WhepAddress *addresses[] = { &V4, &V6 };
  Browser browser;
  StunMessage answer;

  browser_init (&browser);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    ck_assert (browser_checks (&browser, addresses[i], START_US));
    ck_assert_int_eq (browser_reads (&browser, addresses[i], &answer),
        STUN_VALIDATION_SUCCESS);
    ck_assert_int_eq (stun_message_get_class (&answer), STUN_RESPONSE);
    ck_assert (
        stun_message_has_attribute (&answer, STUN_ATTRIBUTE_FINGERPRINT));
    ck_assert (
        stun_message_has_attribute (&answer, STUN_ATTRIBUTE_MESSAGE_INTEGRITY));
    assert_mapped (&answer, addresses[i]);
  }
}
GST_END_TEST;

GST_START_TEST (a_faulty_check_gets_an_error_and_grants_nothing)
{
  static const struct
  {
    const gchar *why;
    const gchar *username;
    const gchar *pwd;
    gboolean is_controlled;
    guint16 extra_attribute;
    gint code;
  } checks[] = {
    { "wrong password", OURS ":" THEIRS, "abcdefghijklmnopqrstuvwy", FALSE, 0,
        401 },
    { "empty password", OURS ":" THEIRS, "", FALSE, 0, 401 },
    { "someone else's half", OURS ":other", PWD, FALSE, 0, 401 },
    { "a longer half", OURS ":" THEIRS "x", PWD, FALSE, 0, 401 },
    { "not our half", "Abcd1235:" THEIRS, PWD, FALSE, 0, 401 },
    { "no colon", OURS, PWD, FALSE, 0, 401 },
    { "no username", NULL, PWD, FALSE, 0, 400 },
    { "no integrity", OURS ":" THEIRS, NULL, FALSE, 0, 400 },
    { "unknown attribute", OURS ":" THEIRS, PWD, FALSE, 0x0077, 420 },
    { "both are controlled", OURS ":" THEIRS, PWD, TRUE, 0, 487 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    Browser browser;
    StunMessage answer;
    int code = 0;

    browser_init (&browser);
    browser.username = checks[i].username;
    browser.pwd = checks[i].pwd;
    browser.is_controlled = checks[i].is_controlled;
    browser.extra_attribute = checks[i].extra_attribute;
    browser.nominates = TRUE;
    ck_assert_msg (!browser_checks (&browser, &V4, START_US + 1), "%s",
        checks[i].why);
    browser_reads (&browser, &V4, &answer);
    ck_assert_int_eq (stun_message_get_class (&answer), STUN_ERROR);
    stun_message_find_error (&answer, &code);
    ck_assert_msg (code == checks[i].code, "%s: %d", checks[i].why, code);
    ck_assert (whep_ice_selected (&ice) == NULL);
    ck_assert_int_eq (ice.consent_until_us, START_US + WHEP_ICE_FIRST_CHECK_US);
  }
}
GST_END_TEST;

GST_START_TEST (unknown_optional_attributes_are_ignored)
{
  Browser browser;

  browser_init (&browser);
  browser.extra_attribute = 0xc057; /* GOOG-NETWORK-INFO */
  ck_assert (browser_checks (&browser, &V4, START_US));
}
GST_END_TEST;

GST_START_TEST (a_message_that_is_not_a_binding_request_is_ignored)
{
  static const StunMethod methods[] = { STUN_ALLOCATE, STUN_BINDING };
  Browser browser;
  StunMessage message;

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    browser_init (&browser);
    whep_outbox_flush (out);
    ck_assert (stun_agent_init_indication (&browser.agent, &message,
        browser.bytes, sizeof (browser.bytes), methods[i]));
    browser.size =
        stun_agent_finish_message (&browser.agent, &message, NULL, 0);
    ck_assert (!whep_ice_receive (&ice, browser.bytes, browser.size, &V4,
        START_US, out));
    ck_assert_uint_eq (out->n_runs, 0);
  }

  /* Our own response, sent back to us. */
  browser_init (&browser);
  browser_checks (&browser, &V4, START_US);
  memcpy (browser.bytes, out->bytes, out->size);
  browser.size = out->size;
  whep_outbox_flush (out);
  ck_assert (!whep_ice_receive (&ice, browser.bytes, browser.size, &V4,
      START_US, out));
  ck_assert_uint_eq (out->n_runs, 0);
}
GST_END_TEST;

GST_START_TEST (a_flipped_bit_is_never_a_valid_check)
{
  Browser browser;

  browser_init (&browser);
  browser.nominates = TRUE;
  browser_writes (&browser);
  for (gsize bit = 0; bit < browser.size * 8; bit++) {
    guint8 bytes[ROOM];

    whep_outbox_flush (out);
    memcpy (bytes, browser.bytes, browser.size);
    bytes[bit / 8] ^= 1 << bit % 8;
    ck_assert_msg (!whep_ice_receive (&ice, bytes, browser.size, &V4, START_US,
                       out),
        "bit %" G_GSIZE_FORMAT, bit);
  }
  for (gsize n = 0; n < browser.size; n++)
    ck_assert (!whep_ice_receive (&ice, browser.bytes, n, &V4, START_US, out));
  ck_assert (whep_ice_selected (&ice) == NULL);
}
GST_END_TEST;

GST_START_TEST (a_full_outbox_loses_the_response_but_not_the_consent)
{
  Browser browser;

  browser_init (&browser);
  browser_writes (&browser);
  whep_outbox_commit (out, &V6, WHEP_OUTBOX_BYTES - 10);
  ck_assert (whep_ice_receive (&ice, browser.bytes, browser.size, &V4,
      START_US + SECOND_US, out));
  ck_assert_uint_eq (out->n_runs, 1);
  ck_assert_int_eq (ice.consent_until_us,
      START_US + SECOND_US + WHEP_ICE_CONSENT_US);
}
GST_END_TEST;

GST_START_TEST (consent_lasts_30_s_from_the_last_check)
{
  check_from (&V4, FALSE, HIGH, START_US + 9 * SECOND_US);
  ck_assert (whep_ice_has_consent (&ice, START_US + 39 * SECOND_US - 1));
  ck_assert (!whep_ice_has_consent (&ice, START_US + 39 * SECOND_US));
}
GST_END_TEST;

GST_START_TEST (the_first_check_is_due_within_10_s)
{
  ck_assert (whep_ice_has_consent (&ice, START_US));
  ck_assert (whep_ice_has_consent (&ice, START_US + 10 * SECOND_US - 1));
  ck_assert (!whep_ice_has_consent (&ice, START_US + 10 * SECOND_US));
}
GST_END_TEST;

static void
assert_selected (const WhepAddress *address)
{
  const WhepAddress *selected = whep_ice_selected (&ice);

  ck_assert (selected != NULL);
  ck_assert (whep_address_equal (selected, address));
}

GST_START_TEST (nothing_is_selected_before_a_nomination)
{
  check_from (&V4, FALSE, HIGH, START_US);
  ck_assert (whep_ice_selected (&ice) == NULL);
  check_from (&V4, TRUE, HIGH, START_US);
  assert_selected (&V4);
}
GST_END_TEST;

GST_START_TEST (a_later_nomination_moves_the_viewer)
{
  check_from (&V4, TRUE, HIGH, START_US);
  check_from (&V4, FALSE, HIGH, START_US + 2 * SECOND_US);
  check_from (&V6, TRUE, LOW, START_US + 2 * SECOND_US);
  assert_selected (&V6);
}
GST_END_TEST;

GST_START_TEST (aggressive_nomination_settles_on_the_highest_priority)
{
  gint64 now_us = START_US;

  /* While both pairs are nominated in turn, the address does not flap. */
  check_from (&V6, TRUE, LOW, now_us);
  assert_selected (&V6);
  for (guint i = 0; i < 50; i++) {
    now_us += SECOND_US / 20;
    check_from (&V4, TRUE, HIGH, now_us);
    assert_selected (&V4);
    now_us += SECOND_US / 20;
    check_from (&V6, TRUE, LOW, now_us);
    assert_selected (&V4);
  }
}
GST_END_TEST;

GST_START_TEST (equal_nominations_leave_the_first_in_place)
{
  check_from (&V4, TRUE, HIGH, START_US);
  check_from (&V6, TRUE, HIGH, START_US + SECOND_US / 10);
  assert_selected (&V4);
}
GST_END_TEST;

GST_START_TEST (an_address_that_fell_silent_is_replaced_by_one_that_is_checked)
{
  check_from (&V4, TRUE, HIGH, START_US);
  check_from (&V6, FALSE, LOW, START_US + 5 * SECOND_US);
  check_from (&V4, FALSE, HIGH, START_US + 6 * SECOND_US);
  check_from (&V6, FALSE, LOW, START_US + 20 * SECOND_US);
  assert_selected (&V4);
  check_from (&V6, FALSE, LOW, START_US + 21 * SECOND_US);
  assert_selected (&V6);
}
GST_END_TEST;

#define NEW_OURS "Efgh5678"
#define NEW_PWD "zyxwvutsrqponmlkjihgfedc"
#define NEW_THEIRS "anotherUfrag"

static void
restart (const gchar *ufrag)
{
  WhepIceCredentials credentials;

  whep_ice_credentials_init (&credentials, ufrag, NEW_PWD, NEW_THEIRS);
  whep_ice_restart (&ice, &credentials);
}

/* Returns whether a check as @username is accepted. */
static gboolean
checks_as (const gchar *username, const gchar *pwd, const WhepAddress *from,
    gboolean nominates, gint64 now_us)
{
  Browser browser;

  browser_init (&browser);
  browser.username = username;
  browser.pwd = pwd;
  browser.nominates = nominates;
  return browser_checks (&browser, from, now_us);
}

#define checks_as_before(...) checks_as (OURS ":" THEIRS, PWD, __VA_ARGS__)
#define checks_anew(...)                                                       \
  checks_as (NEW_OURS ":" NEW_THEIRS, NEW_PWD, __VA_ARGS__)

GST_START_TEST (a_restart_keeps_the_address_in_use_until_another_is_nominated)
{
  check_from (&V4, TRUE, HIGH, START_US);
  restart (NEW_OURS);
  assert_selected (&V4);
  ck_assert (checks_as_before (&V4, FALSE, START_US + 20 * SECOND_US));
  ck_assert (whep_ice_has_consent (&ice, START_US + 49 * SECOND_US));

  ck_assert (checks_anew (&V6, FALSE, START_US + 20 * SECOND_US));
  assert_selected (&V4);
  ck_assert (checks_as_before (&V4, TRUE, START_US + 20 * SECOND_US));
  /* A new ICE session wins whatever its priority. */
  ck_assert (checks_anew (&V6, TRUE, START_US + 20 * SECOND_US));
  assert_selected (&V6);
}
GST_END_TEST;

GST_START_TEST (
    the_former_credentials_are_rejected_once_a_restart_has_completed)
{
  check_from (&V4, TRUE, HIGH, START_US);
  restart (NEW_OURS);
  ck_assert (checks_anew (&V4, TRUE, START_US));
  ck_assert (!checks_as_before (&V4, TRUE, START_US));
  ck_assert (!checks_as_before (&V6, TRUE, START_US));
  assert_selected (&V4);
}
GST_END_TEST;

GST_START_TEST (credentials_of_two_ice_sessions_do_not_mix)
{
  static const struct
  {
    const gchar *username, *pwd;
  } mixed[] = {
    { OURS ":" NEW_THEIRS, PWD },
    { NEW_OURS ":" THEIRS, NEW_PWD },
    { NEW_OURS ":" NEW_THEIRS, PWD },
    { OURS ":" THEIRS, NEW_PWD },
    { ":", "" },
  };

  restart (NEW_OURS);
  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    ck_assert_msg (!checks_as (mixed[i].username, mixed[i].pwd, &V4, TRUE,
                       START_US),
        "%s", mixed[i].username);
}
GST_END_TEST;

GST_START_TEST (a_second_restart_replaces_one_that_has_not_completed)
{
  check_from (&V4, TRUE, HIGH, START_US);
  restart ("Ijkl9012");
  restart (NEW_OURS);
  ck_assert (!checks_as ("Ijkl9012:" NEW_THEIRS, NEW_PWD, &V6, TRUE, START_US));
  ck_assert (checks_as_before (&V4, TRUE, START_US));
  ck_assert (checks_anew (&V6, TRUE, START_US));
  assert_selected (&V6);
}
GST_END_TEST;

GST_START_TEST (the_ufrag_is_found_in_a_request)
{
  Browser browser;
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  browser_init (&browser);
  browser.pwd = "a password that peeking does not check";
  browser_writes (&browser);
  ck_assert (whep_ice_peek_ufrag (browser.bytes, browser.size, ufrag));
  ck_assert_str_eq (ufrag, OURS);
  for (gsize n = 0; n < browser.size; n++)
    ck_assert (!whep_ice_peek_ufrag (browser.bytes, n, ufrag));
}
GST_END_TEST;

GST_START_TEST (usernames_that_cannot_be_ours_have_no_ufrag)
{
  static const gchar *usernames[] = { NULL, "", ":", "Abcd1234", "Abcd123:x",
    "Abcd12345:x", "Abcd/234:x",
    "Abcd\xff"
    "234:x",
    ":Abcd1234" };
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  for (guint i = 0; i < G_N_ELEMENTS (usernames); i++) {
    Browser browser;

    browser_init (&browser);
    browser.username = usernames[i];
    browser_writes (&browser);
    ck_assert_msg (!whep_ice_peek_ufrag (browser.bytes, browser.size, ufrag),
        "username %u", i);
  }
}
GST_END_TEST;

GST_START_TEST (the_search_for_the_username_is_bounded)
{
  static const guint8 header[] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
  static const guint8 username[] = { 0, 6, 0, 10, 'A', 'b', 'c', 'd', '1', '2',
    '3', '4', ':', 'x', 0, 0 };
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  /* Preceded by @n empty attributes. */
  for (guint n = 0; n < 64; n++) {
    guint8 bytes[ROOM] = { 0 };
    gsize size = 20 + 4 * n;

    memcpy (bytes, header, sizeof (header));
    for (gsize offset = 20; offset < size; offset += 4)
      bytes[offset] = 0x80;
    memcpy (bytes + size, username, sizeof (username));
    size += sizeof (username);
    bytes[2] = (size - 20) >> 8;
    bytes[3] = size - 20;
    ck_assert_int_eq (whep_ice_peek_ufrag (bytes, size, ufrag), n < 32);
  }
}
GST_END_TEST;

static Suite *
ice_suite (void)
{
  Suite *suite = suite_create ("ice");
  TCase *tcase = tcase_create ("checks");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_check_is_answered_with_the_address_it_came_from);
  tcase_add_test (tcase, a_faulty_check_gets_an_error_and_grants_nothing);
  tcase_add_test (tcase, unknown_optional_attributes_are_ignored);
  tcase_add_test (tcase, a_message_that_is_not_a_binding_request_is_ignored);
  tcase_add_test (tcase, a_flipped_bit_is_never_a_valid_check);
  tcase_add_test (tcase, a_full_outbox_loses_the_response_but_not_the_consent);
  tcase_add_test (tcase, consent_lasts_30_s_from_the_last_check);
  tcase_add_test (tcase, the_first_check_is_due_within_10_s);

  tcase = tcase_create ("nomination");
  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, nothing_is_selected_before_a_nomination);
  tcase_add_test (tcase, a_later_nomination_moves_the_viewer);
  tcase_add_test (tcase, aggressive_nomination_settles_on_the_highest_priority);
  tcase_add_test (tcase, equal_nominations_leave_the_first_in_place);
  tcase_add_test (tcase,
      an_address_that_fell_silent_is_replaced_by_one_that_is_checked);

  tcase = tcase_create ("restarts");
  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase,
      a_restart_keeps_the_address_in_use_until_another_is_nominated);
  tcase_add_test (tcase,
      the_former_credentials_are_rejected_once_a_restart_has_completed);
  tcase_add_test (tcase, credentials_of_two_ice_sessions_do_not_mix);
  tcase_add_test (tcase, a_second_restart_replaces_one_that_has_not_completed);

  tcase = tcase_create ("peeking");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_ufrag_is_found_in_a_request);
  tcase_add_test (tcase, usernames_that_cannot_be_ours_have_no_ufrag);
  tcase_add_test (tcase, the_search_for_the_username_is_bounded);
  return suite;
}

GST_CHECK_MAIN (ice);

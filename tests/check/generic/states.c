/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each element of the plugin goes up and down, again and again. */

#include "tests/support/ourelements.h"

#include <gst/check/gstcheck.h>

/* The first rounds open what stays open: OpenSSL's and GLib's own. */
#define N_ROUNDS_BEFORE 2
#define N_ROUNDS 8
/* A hang, however busy the machine is. */
#define PATIENCE (60 * GST_SECOND)

typedef struct
{
  GstState states[8]; /* VOID_PENDING: the end */
} Walk;

static const Walk walks[] = {
  { { GST_STATE_READY, GST_STATE_NULL } },
  { { GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_NULL } },
  { { GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_READY,
      GST_STATE_PLAYING, GST_STATE_NULL } },
};

static guint
n_open_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  ck_assert (dir != NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Any free port, and this machine only. */
static void
set_up (GstElement *element)
{
  static const gchar *const ports[] = { "port", "tls-port" };
  GObjectClass *klass = G_OBJECT_GET_CLASS (element);

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    if (g_object_class_find_property (klass, ports[i]) != NULL)
      g_object_set (element, ports[i], 0, NULL);
  if (g_object_class_find_property (klass, "address") != NULL)
    g_object_set (element, "address", "127.0.0.1", NULL);
}

/* An element without data never gets beyond what it has to wait for, so that
 * only a failure counts. */
static void
take_walk (GstElement *element, const Walk *walk)
{
  for (guint i = 0; walk->states[i] != GST_STATE_VOID_PENDING; i++)
    ck_assert_msg (gst_element_set_state (element, walk->states[i]) !=
            GST_STATE_CHANGE_FAILURE,
        "%s: to %s", GST_OBJECT_NAME (element),
        gst_element_state_get_name (walk->states[i]));
  ck_assert_int_eq (gst_element_get_state (element, NULL, NULL, PATIENCE),
      GST_STATE_CHANGE_SUCCESS);
}

static void
go_round (GstElementFactory *factory)
{
  GstElement *element = gst_element_factory_create (factory, NULL);

  ck_assert_msg (element != NULL, "%s", GST_OBJECT_NAME (factory));
  gst_object_ref_sink (element);
  set_up (element);
  for (guint i = 0; i < G_N_ELEMENTS (walks); i++)
    take_walk (element, &walks[i]);
  ASSERT_OBJECT_REFCOUNT (element, "element", 1);
  gst_object_unref (element);
}

GST_START_TEST (each_element_goes_up_and_down_and_leaves_nothing)
{
  g_autolist (GstElementFactory) ours = our_elements_list ();

  for (GList *link = ours; link != NULL; link = link->next) {
    guint n_before;

    for (guint i = 0; i < N_ROUNDS_BEFORE; i++)
      go_round (link->data);
    n_before = n_open_files ();
    for (guint i = 0; i < N_ROUNDS; i++)
      go_round (link->data);
    ck_assert_msg (n_open_files () == n_before, "%s: %u files, then %u",
        GST_OBJECT_NAME (link->data), n_before, n_open_files ());
  }
}
GST_END_TEST;

/* As a pipeline would do that fails to start. */
GST_START_TEST (an_element_that_was_never_started_can_be_freed)
{
  g_autolist (GstElementFactory) ours = our_elements_list ();

  for (GList *link = ours; link != NULL; link = link->next) {
    GstElement *element = gst_element_factory_create (link->data, NULL);

    ASSERT_OBJECT_REFCOUNT (element, "element", 1);
    gst_object_unref (element);
  }
}
GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *suite = suite_create ("states");
  TCase *tcase = tcase_create ("states");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_element_goes_up_and_down_and_leaves_nothing);
  tcase_add_test (tcase, an_element_that_was_never_started_can_be_freed);
  return suite;
}

GST_CHECK_MAIN (states);

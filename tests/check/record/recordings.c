/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recordings of an element whose disk is stuck: write() does not return
 * while the test holds a lock. */

#include "gst/record/gstrecordings.h"
#include "tests/support/fmp4bytes.h"
#include "tests/support/folder.h"

#include <gst/check/gstcheck.h>
#include <unistd.h>

#define FRAME_BYTES (1024 * 1024)
/* More than may wait for the disk. */
#define MAX_FRAMES 100
#define PATIENCE (20 * GST_SECOND)

/* The programs are linked so that these come before the functions. */
ssize_t __wrap_write (int fd, const void *data, size_t size);
ssize_t __real_write (int fd, const void *data, size_t size);
int __wrap_close (int fd);
int __real_close (int fd);

static GMutex disk;
static GMutex lock;
static GCond changed;
static guint n_closed; /* guarded by the lock: files */

ssize_t
__wrap_write (int fd, const void *data, size_t size)
{
  ssize_t n;

  g_mutex_lock (&disk);
  n = __real_write (fd, data, size);
  g_mutex_unlock (&disk);
  return n;
}

int
__wrap_close (int fd)
{
  int result = __real_close (fd);

  g_mutex_lock (&lock);
  n_closed++;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
  return result;
}

typedef struct
{
  GstElement *element;
  GstBus *bus;
  GstRecordings *recordings;
  gchar *folder;
} Server;

static void
server_start (Server *self)
{
  g_autofree gchar *location = NULL;
  const gchar *why;

  self->folder = g_dir_make_tmp ("recordings-XXXXXX", NULL);
  location = g_build_filename (self->folder, "%k.mp4", NULL);
  self->element = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->bus = gst_element_get_bus (self->element);
  self->recordings = gst_recordings_new (self->element);
  ck_assert (gst_recordings_set_location (self->recordings, location, &why));
}

static void
server_stop (Server *self)
{
  gst_recordings_free (self->recordings);
  /* Messages keep their source. */
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
  gst_object_unref (self->element);
}

static void
server_clean_up (Server *self)
{
  folder_remove (self->folder);
  g_free (self->folder);
}

/* Returns: (transfer full): the next message of that type, which may have to
 * have that name. */
static GstMessage *
server_says (Server *self, GstMessageType type, const gchar *name)
{
  GstMessage *message;

  while ((message = gst_bus_timed_pop_filtered (self->bus, PATIENCE, type)) !=
          NULL &&
      name != NULL && !gst_message_has_name (message, name))
    gst_message_unref (message);
  ck_assert_msg (message != NULL, "waited in vain: %s", name);
  return message;
}

static gboolean
server_has_said (Server *self, GstMessageType type)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (self->bus, type);

  return message != NULL;
}

static void
take (GstRecorder *recorder, GByteArray *bytes, GstBufferFlags flags)
{
  g_autoptr (GBytes) all = g_byte_array_free_to_bytes (bytes);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (all);

  GST_BUFFER_FLAG_SET (buffer, flags);
  gst_recorder_take (recorder, buffer);
}

static void
publisher_begins (GstRecorder *self)
{
  take (self, fmp4_init (), GST_BUFFER_FLAG_HEADER);
}

static void
publisher_sends_key (GstRecorder *self, guint64 ms)
{
  take (self, fmp4_fragment (FMP4_VIDEO, ms, FRAME_BYTES), 0);
}

static void
start (Server *self)
{
  const gchar *why = gst_recordings_start (self->recordings, "live/cam", NULL);

  ck_assert_msg (why == NULL, "%s", why);
}

static void
stop (Server *self)
{
  ck_assert (gst_recordings_stop (self->recordings, "live/cam") == NULL);
}

/* A publisher comes and leaves. */
static void
server_has_visit (Server *self, guint number)
{
  g_autofree gchar *name = g_strdup_printf ("live/cam%u", number);
  GstRecorder *recorder = gst_recorder_new (self->recordings, name);

  publisher_begins (recorder);
  publisher_sends_key (recorder, 0);
  gst_recorder_free (recorder);
}

static guint
n_files (Server *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* Asks for a recording until there is one: the last one may still be about to
 * end. No warning comes first. Returns: (transfer full): the message. */
static GstMessage *
new_recording (Server *self, GstRecorder *recorder, guint64 ms)
{
  GstMessage *message = NULL;

  for (guint i = 0; message == NULL; i++) {
    ck_assert_uint_lt (i, MAX_FRAMES);
    stop (self);
    start (self);
    publisher_sends_key (recorder, ms + i);
    message = gst_bus_timed_pop_filtered (self->bus, GST_SECOND,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_WARNING);
  }
  ck_assert (gst_message_has_name (message, "recording-started"));
  return message;
}

static gboolean
has_location (GstMessage *message, const gchar *name)
{
  return g_str_has_suffix (gst_structure_get_string (gst_message_get_structure (
                                                         message),
                               "location"),
      name);
}

GST_START_TEST (a_stuck_disk_is_reported_at_once_and_gets_no_second_file)
{
  g_autoptr (GstMessage) first = NULL;
  g_autoptr (GstMessage) ended = NULL;
  g_autoptr (GstMessage) second = NULL;
  GstRecorder *recorder;
  Server server;
  guint n = 0;

  server_start (&server);
  recorder = gst_recorder_new (server.recordings, "live/cam");
  g_mutex_lock (&disk);
  publisher_begins (recorder);
  while (!server_has_said (&server, GST_MESSAGE_WARNING) && n < MAX_FRAMES)
    publisher_sends_key (recorder, 40 * n++);
  ck_assert_uint_lt (n, MAX_FRAMES);
  stop (&server);
  start (&server);
  publisher_sends_key (recorder, 40 * n++);
  g_mutex_unlock (&disk);

  first = server_says (&server, GST_MESSAGE_ELEMENT, "recording-started");
  ck_assert (has_location (first, "/cam.mp4"));
  ended = server_says (&server, GST_MESSAGE_ELEMENT, "recording-ended");
  ck_assert (has_location (ended, "/cam.mp4"));
  second = new_recording (&server, recorder, 40 * n);
  ck_assert (has_location (second, "/cam-2.mp4"));
  gst_recorder_free (recorder);
  server_stop (&server);
  server_clean_up (&server);
}
GST_END_TEST;

GST_START_TEST (no_recording_begins_while_too_many_have_not_ended)
{
  Server server;

  server_start (&server);
  g_mutex_lock (&disk);
  for (guint i = 0; i <= GST_RECORDINGS_MAX_ENDING; i++)
    server_has_visit (&server, i);
  g_mutex_unlock (&disk);
  gst_recordings_end (server.recordings);
  ck_assert_uint_eq (n_files (&server), GST_RECORDINGS_MAX_ENDING);
  server_has_visit (&server, GST_RECORDINGS_MAX_ENDING);
  gst_recordings_end (server.recordings);
  ck_assert_uint_eq (n_files (&server), GST_RECORDINGS_MAX_ENDING + 1);
  server_stop (&server);
  server_clean_up (&server);
}
GST_END_TEST;

GST_START_TEST (an_element_does_not_wait_for_a_stuck_disk_to_be_freed)
{
  Server server;

  server_start (&server);
  g_mutex_lock (&disk);
  server_has_visit (&server, 0);
  ASSERT_OBJECT_REFCOUNT (server.element, "element", 1);
  server_stop (&server);
  g_mutex_unlock (&disk);
  g_mutex_lock (&lock);
  while (n_closed == 0)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
  server_clean_up (&server);
}
GST_END_TEST;

static GstStructure *
described (Server *self)
{
  return gst_recordings_describe (self->recordings, "live/cam");
}

/* It has a file of that name, with something in it. */
static void
assert_described (Server *self, const gchar *name)
{
  g_autoptr (GstStructure) s = described (self);
  guint64 n_bytes, duration;
  gint64 since;

  ck_assert (s != NULL);
  ck_assert (g_str_has_suffix (gst_structure_get_string (s, "location"), name));
  ck_assert (gst_structure_get_uint64 (s, "bytes", &n_bytes));
  ck_assert_uint_gt (n_bytes, FRAME_BYTES);
  ck_assert (gst_structure_get_uint64 (s, "duration", &duration));
  ck_assert (gst_structure_get_int64 (s, "since", &since));
  ck_assert_int_gt (since, 0);
}

static void
assert_waits (Server *self)
{
  g_autoptr (GstStructure) s = described (self);

  ck_assert (s != NULL);
  ck_assert (!gst_structure_has_field (s, "location"));
}

GST_START_TEST (a_recording_is_described_by_what_has_been_written)
{
  g_autoptr (GstMessage) started = NULL;
  g_autoptr (GstMessage) ended = NULL;
  GstRecorder *recorder;
  Server server;

  server_start (&server);
  ck_assert (described (&server) == NULL);
  recorder = gst_recorder_new (server.recordings, "live/cam");
  assert_waits (&server);
  g_mutex_lock (&disk);
  publisher_begins (recorder);
  publisher_sends_key (recorder, 0);
  assert_waits (&server);
  g_mutex_unlock (&disk);
  started = server_says (&server, GST_MESSAGE_ELEMENT, "recording-started");
  assert_described (&server, "/cam.mp4");
  stop (&server);
  ck_assert (described (&server) == NULL);
  ended = server_says (&server, GST_MESSAGE_ELEMENT, "recording-ended");
  start (&server);
  assert_waits (&server);
  gst_recorder_free (recorder);
  ck_assert (described (&server) == NULL);
  server_stop (&server);
  server_clean_up (&server);
}
GST_END_TEST;

static Suite *
recordings_suite (void)
{
  Suite *suite = suite_create ("recordings");
  TCase *tcase = tcase_create ("recordings");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_stuck_disk_is_reported_at_once_and_gets_no_second_file);
  tcase_add_test (tcase, a_recording_is_described_by_what_has_been_written);
  tcase_add_test (tcase, no_recording_begins_while_too_many_have_not_ended);
  tcase_add_test (tcase, an_element_does_not_wait_for_a_stuck_disk_to_be_freed);
  return suite;
}

GST_CHECK_MAIN (recordings);

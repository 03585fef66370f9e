/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What gateways write into Redis: see announcement.h. */

#include "gst/directory/announcement.h"

#include <string.h>

/* Others may use the same database. */
#define STREAM_PREFIX "rtmp-webrtc:stream:"
#define GATEWAY_PREFIX "rtmp-webrtc:gateway:"

#define GATEWAY "gateway="
#define ADDRESS "address="
#define NODE "node="
#define ROOM "room="
/* Ours have two; a later version may have more. */
#define MAX_WORDS 16

gchar *
directory_announcement_stream_key (const gchar *stream)
{
  return g_strconcat (STREAM_PREFIX, stream, NULL);
}

gchar *
directory_announcement_gateway_key (const gchar *gateway)
{
  return g_strconcat (GATEWAY_PREFIX, gateway, NULL);
}

/* Printable ASCII. */
static gboolean
is_word (const gchar *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return size > 0;
}

static gboolean
is_id (const gchar *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
      return FALSE;
  return size == DIRECTORY_ID_DIGITS;
}

gchar *
directory_announcement_encode (const gchar *gateway, const gchar *address)
{
  gchar *text;

  if (!is_word (address, strlen (address)))
    return NULL;
  text = g_strconcat (GATEWAY, gateway, " " ADDRESS, address, NULL);
  if (strlen (text) > DIRECTORY_ANNOUNCEMENT_MAX_BYTES)
    g_clear_pointer (&text, g_free);
  return text;
}

/* Returns: (nullable): the value of a word with that key. */
static const gchar *
value_of (const gchar *word, gsize *size, const gchar *key)
{
  gsize key_size = strlen (key);

  if (*size < key_size || memcmp (word, key, key_size) != 0)
    return NULL;
  *size -= key_size;
  return word + key_size;
}

/* Returns FALSE if it contradicts what is known already. */
static gboolean
read_stream_word (gpointer user_data, const gchar *word, gsize size)
{
  DirectoryAnnouncement *self = user_data;
  gsize value_size = size;
  const gchar *value;

  if ((value = value_of (word, &value_size, GATEWAY)) != NULL) {
    if (self->gateway[0] != '\0' || !is_id (value, value_size))
      return FALSE;
    memcpy (self->gateway, value, value_size);
  } else if ((value = value_of (word, &value_size, ADDRESS)) != NULL) {
    if (self->address != NULL || value_size == 0)
      return FALSE;
    self->address = g_strndup (value, value_size);
  }
  return TRUE;
}

typedef gboolean (*ReadWordFunc) (gpointer self, const gchar *word, gsize size);

static gboolean
read_words (const gchar *bytes, gsize size, ReadWordFunc read, gpointer self)
{
  const gchar *end = bytes + size;
  const gchar *word = bytes;

  if (size == 0 || size > DIRECTORY_ANNOUNCEMENT_MAX_BYTES)
    return FALSE;
  for (guint i = 0; i < MAX_WORDS; i++) {
    const gchar *blank = memchr (word, ' ', end - word);
    gsize word_size = (blank != NULL ? blank : end) - word;

    if (!is_word (word, word_size) || !read (self, word, word_size))
      return FALSE;
    if (blank == NULL)
      return TRUE;
    word = blank + 1;
  }
  return FALSE;
}

gboolean
directory_announcement_decode (DirectoryAnnouncement *self, const gchar *bytes,
    gsize size)
{
  *self = (DirectoryAnnouncement){ 0 };
  return read_words (bytes, size, read_stream_word, self) &&
      self->gateway[0] != '\0' && self->address != NULL;
}

void
directory_announcement_clear (DirectoryAnnouncement *self)
{
  g_clear_pointer (&self->address, g_free);
}

gchar *
directory_announcement_encode_load (const gchar *gateway, const gchar *address,
    const gchar *node, const DirectoryLoad *load)
{
  return g_strdup_printf (GATEWAY "%s%s%s%s%s viewers=%u " ROOM
                                  "%u draining=%d",
      gateway, address != NULL ? " " ADDRESS : "",
      address != NULL ? address : "", node != NULL ? " " NODE : "",
      node != NULL ? node : "", load->n_viewers,
      load->is_draining ? 0 : load->n_free, load->is_draining);
}

static gboolean
read_number (const gchar *text, gsize size, guint *number)
{
  g_autofree gchar *digits = g_strndup (text, size);
  guint64 value;

  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

/* What is said twice is what was said last. */
static gboolean
read_room_word (gpointer user_data, const gchar *word, gsize size)
{
  DirectoryRoom *self = user_data;
  gsize value_size = size;
  const gchar *value;

  if ((value = value_of (word, &value_size, NODE)) != NULL) {
    if (value_size > DIRECTORY_NODE_MAX)
      return FALSE;
    memcpy (self->node, value, value_size);
    self->node[value_size] = '\0';
  } else if ((value = value_of (word, &value_size, ROOM)) != NULL) {
    return read_number (value, value_size, &self->n_free);
  }
  return TRUE;
}

gboolean
directory_announcement_decode_room (DirectoryRoom *self, const gchar *bytes,
    gsize size)
{
  *self = (DirectoryRoom){ 0 };
  return read_words (bytes, size, read_room_word, self) &&
      self->node[0] != '\0';
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts to the players' thread: see playinbox-io.h. */

#include "gst/rtmp/playinbox-io.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _RtmpPlayInbox
{
  gint fd;
  GArray *taken; /* the reader's */

  GMutex lock; /* guards what follows */
  GArray *posts;
  gsize n_bytes; /* of tags */
  gboolean is_lazy;
  gboolean is_woken; /* since the last take */
};

static GArray *
new_posts (void)
{
  return g_array_new (FALSE, FALSE, sizeof (RtmpPlayPost));
}

RtmpPlayInbox *
rtmp_playinbox_new (GError **error)
{
  RtmpPlayInbox *self;
  gint fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
        "no file descriptor for players: %s", g_strerror (errno));
    return NULL;
  }
  self = g_new0 (RtmpPlayInbox, 1);
  self->fd = fd;
  self->taken = new_posts ();
  self->posts = new_posts ();
  self->is_lazy = TRUE;
  g_mutex_init (&self->lock);
  return self;
}

void
rtmp_playpost_clear (RtmpPlayPost *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->tag, g_bytes_unref);
  rtmp_connection_rest_clear (&self->rest);
}

static void
free_posts (GArray *posts)
{
  for (guint i = 0; i < posts->len; i++)
    rtmp_playpost_clear (&g_array_index (posts, RtmpPlayPost, i));
  g_array_unref (posts);
}

void
rtmp_playinbox_free (RtmpPlayInbox *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->taken);
  free_posts (self->posts);
  g_mutex_clear (&self->lock);
  close (self->fd);
  g_free (self);
}

/* A tag that does not fit leaves a gap; consecutive gaps of one publisher are
 * one post. */
static void
add_locked (RtmpPlayInbox *self, RtmpPlayPost *post)
{
  const RtmpPlayPost *last = NULL;

  if (self->posts->len > 0)
    last = &g_array_index (self->posts, RtmpPlayPost, self->posts->len - 1);
  if (post->kind == RTMP_PLAYPOST_TAG) {
    gsize size = g_bytes_get_size (post->tag);

    if (self->n_bytes + size > RTMP_PLAYINBOX_MAX_BYTES) {
      rtmp_playpost_clear (post);
      post->kind = RTMP_PLAYPOST_GAP;
    } else {
      self->n_bytes += size;
    }
  }
  if (post->kind == RTMP_PLAYPOST_GAP && last != NULL &&
      last->kind == RTMP_PLAYPOST_GAP && last->number == post->number)
    return;
  g_array_append_val (self->posts, *post);
}

void
rtmp_playinbox_post (RtmpPlayInbox *self, RtmpPlayPost *post)
{
  static const guint64 one = 1;
  gboolean wakes;

  g_mutex_lock (&self->lock);
  add_locked (self, post);
  wakes = !self->is_woken &&
      (!self->is_lazy || post->kind != RTMP_PLAYPOST_TAG ||
          self->posts->len >= RTMP_PLAYINBOX_LAZY_POSTS);
  self->is_woken |= wakes;
  g_mutex_unlock (&self->lock);
  /* This fails only if the counter is full: the descriptor is readable then
   * anyway. */
  if (wakes && write (self->fd, &one, sizeof one) < 0)
    g_assert (errno == EAGAIN);
}

void
rtmp_playinbox_set_lazy (RtmpPlayInbox *self, gboolean is_lazy)
{
  g_mutex_lock (&self->lock);
  self->is_lazy = is_lazy;
  g_mutex_unlock (&self->lock);
}

gint
rtmp_playinbox_fd (const RtmpPlayInbox *self)
{
  return self->fd;
}

GArray *
rtmp_playinbox_take (RtmpPlayInbox *self)
{
  GArray *posts;
  guint64 n;

  /* The counter is reset before the posts are taken, so that none goes
   * unnoticed. */
  if (read (self->fd, &n, sizeof n) < 0)
    g_assert (errno == EAGAIN);
  g_array_set_size (self->taken, 0);
  g_mutex_lock (&self->lock);
  posts = self->posts;
  self->posts = self->taken;
  self->n_bytes = 0;
  self->is_woken = FALSE;
  g_mutex_unlock (&self->lock);
  self->taken = posts;
  return posts;
}

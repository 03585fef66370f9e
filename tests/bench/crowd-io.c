/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many peers in one thread: see crowd-io.h. */

#include "tests/bench/crowd-io.h"
#include "tests/support/feedback.h"
#include "tests/support/peersdp.h"

#include <arpa/inet.h>
#include <libsoup/soup.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Limits the number of concurrent requests. */
#define MAX_CONNECTIONS 64
#define RECEIVE_BATCH 64
#define EVENTS_BATCH 128
/* Room for a burst while this thread serves the other peers. */
#define RECEIVE_BUFFER_BYTES (2 * 1024 * 1024)
/* How late a check, a report or a DTLS retransmission may be. */
#define TICK_US (5 * 1000)
#define DATAGRAM_MAX 2048
#define JOIN_LIMIT_US (30 * G_USEC_PER_SEC)
#define STAMP_BYTES CMSG_SPACE (sizeof (struct timespec))

typedef struct
{
  Peer *peer;
  int fd;
  gint64 posted_us;
  gint64 first_packet_us; /* 0: none yet */
  FrameTimes *frames;     /* nullable */
  guint64 n_counted;      /* video packets, at the last count */
  gboolean is_dismissed;
} Member;

/* An offer that has been posted and not answered. */
typedef struct
{
  Crowd *crowd;
  SoupMessage *message;
  Peer *peer;
  gint64 posted_us;
} Request;

struct _Crowd
{
  SoupSession *session;
  guint n_made; /* peers */
  gchar *storm_url;
  guint n_coming;  /* peers of a storm that have not posted yet */
  guint n_waiting; /* peers that wait for an answer */
  int epoll;
  GArray *members; /* of Member */
  WhepOutbox *out;
  gint64 next_tick_us;
  Latencies *latencies;
  guint64 n_frames;
  gboolean opens_packets;
  Latencies *joins;
};

Crowd *
crowd_new (void)
{
  Crowd *self = g_new0 (Crowd, 1);

  self->session = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS,
      "max-conns-per-host", MAX_CONNECTIONS, NULL);
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->members = g_array_new (FALSE, TRUE, sizeof (Member));
  self->out = whep_outbox_new ();
  self->latencies = latencies_new ();
  self->joins = latencies_new ();
  return self;
}

static Member *
member (const Crowd *self, guint index)
{
  return &g_array_index (self->members, Member, index);
}

static void
send_run (int fd, const WhepOutbox *out, const WhepRun *run)
{
  struct sockaddr_in to = { .sin_family = AF_INET,
    .sin_port = htons (run->to.remote_port) };

  memcpy (&to.sin_addr, run->to.remote_ip + 12, 4);
  /* Datagrams that the kernel has no room for are lost, as on any network. */
  for (gsize at = 0; at < run->size; at += run->segment_size)
    sendto (fd, out->bytes + run->offset + at,
        MIN (run->segment_size, run->size - at), 0, (struct sockaddr *) &to,
        sizeof (to));
}

static void
flush (Crowd *self, int fd)
{
  for (guint i = 0; i < self->out->n_runs; i++)
    send_run (fd, self->out, &self->out->runs[i]);
  whep_outbox_flush (self->out);
}

static void
say_goodbye (Crowd *self, Member *member)
{
  if (member->is_dismissed)
    return;
  member->is_dismissed = TRUE;
  peer_closes (member->peer, self->out);
  flush (self, member->fd);
}

void
crowd_free (Crowd *self)
{
  for (guint i = 0; i < self->members->len; i++) {
    say_goodbye (self, member (self, i));
    peer_free (member (self, i)->peer);
    close (member (self, i)->fd);
  }
  g_array_unref (self->members);
  latencies_free (self->latencies);
  latencies_free (self->joins);
  whep_outbox_free (self->out);
  close (self->epoll);
  g_object_unref (self->session);
  g_free (self->storm_url);
  g_free (self);
}

static int
open_socket (Crowd *self, guint index)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int buffer_bytes = RECEIVE_BUFFER_BYTES;
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof (buffer_bytes));
  if (fd < 0 || epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("no socket for a peer: %s", g_strerror (errno));
  return fd;
}

void
crowd_open_packets (Crowd *self)
{
  self->opens_packets = TRUE;
}

const Reception *
crowd_reception (const Crowd *self, guint index, WhepTrackKind kind)
{
  return peer_reception (member (self, index)->peer, kind);
}

Peer *
crowd_new_peer (Crowd *self)
{
  const PeerParams params = { .seed = ++self->n_made,
    .is_skimming = !self->opens_packets };

  return peer_new (&params);
}

void
crowd_add (Crowd *self, Peer *peer, const PeerRemote *remote, gint64 posted_us)
{
  Member added = { .peer = peer,
    .fd = open_socket (self, self->members->len),
    .posted_us = posted_us };

  g_assert (self->members->len < CROWD_MAX_PEERS);
  peer_connect (peer, remote, g_get_monotonic_time ());
  g_array_append_val (self->members, added);
}

static gboolean
request_init (Request *self, Crowd *crowd, const gchar *url)
{
  Peer *peer = crowd_new_peer (crowd);
  g_autofree gchar *offer = peer_offer_new (peer);
  g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));

  *self = (Request){ .crowd = crowd,
    .message = soup_message_new ("POST", url),
    .peer = peer,
    .posted_us = g_get_monotonic_time () };
  if (self->message == NULL)
    return FALSE;
  soup_message_set_request_body_from_bytes (self->message, "application/sdp",
      body);
  return TRUE;
}

static void
request_clear (Request *self)
{
  g_clear_object (&self->message);
  g_clear_pointer (&self->peer, peer_free);
}

/* Lets the peer in if the gateway accepts it. Takes @body. */
static gboolean
request_end (Request *self, GBytes *body, GError **error)
{
  g_autoptr (GBytes) bytes = body;
  guint status = soup_message_get_status (self->message);
  g_autofree gchar *answer = NULL;
  PeerRemote remote;

  if (body == NULL)
    return FALSE;
  answer = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  if (status != SOUP_STATUS_CREATED || !peer_remote_parse (&remote, answer)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "POST: %u %s: %s",
        status, soup_message_get_reason_phrase (self->message), answer);
    return FALSE;
  }
  crowd_add (self->crowd, g_steal_pointer (&self->peer), &remote,
      self->posted_us);
  return TRUE;
}

gboolean
crowd_post (Crowd *self, const gchar *url, GError **error)
{
  Request request;
  gboolean is_well = FALSE;

  if (request_init (&request, self, url))
    is_well = request_end (&request,
        soup_session_send_and_read (self->session, request.message, NULL,
            error),
        error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "invalid URL: %s", url);
  request_clear (&request);
  return is_well;
}

static void
on_answer (GObject *session, GAsyncResult *result, gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GError) error = NULL;
  GBytes *body = soup_session_send_and_read_finish (SOUP_SESSION (session),
      result, &error);

  request->crowd->n_waiting--;
  if (!request_end (request, body, &error))
    g_error ("%s", error->message);
  request_clear (request);
  g_free (request);
}

static void
post_async (Crowd *self, const gchar *url)
{
  Request *request = g_new0 (Request, 1);

  if (!request_init (request, self, url))
    g_error ("invalid URL: %s", url);
  self->n_waiting++;
  soup_session_send_and_read_async (self->session, request->message,
      G_PRIORITY_DEFAULT, NULL, on_answer, request);
}

void
crowd_storm (Crowd *self, const gchar *url, guint n_peers)
{
  g_free (self->storm_url);
  self->storm_url = g_strdup (url);
  self->n_coming = n_peers;
}

static void
ask_for_all (Crowd *self, Member *member)
{
  guint16 seqs[FEEDBACK_MAX_SEQS];

  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    const Reception *reception = peer_reception (member->peer, kind);

    for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
      seqs[i] = reception->highest_seq - i;
    peer_nacks (member->peer, kind, seqs, G_N_ELEMENTS (seqs), self->out);
  }
  peer_asks_for_key (member->peer, self->out);
  flush (self, member->fd);
}

void
crowd_ask_for_all (Crowd *self)
{
  for (guint i = 0; i < self->members->len; i++)
    if (member (self, i)->first_packet_us != 0)
      ask_for_all (self, member (self, i));
}

guint
crowd_dismiss (Crowd *self)
{
  guint n_dismissed = 0;

  for (guint i = 0; i < self->members->len; i++) {
    Member *each = member (self, i);

    if (each->first_packet_us == 0 || each->is_dismissed)
      continue;
    say_goodbye (self, each);
    n_dismissed++;
  }
  return n_dismissed;
}

/* The kernel records when a datagram arrived, whatever this thread was
 * doing. */
void
crowd_follow (Crowd *self, FrameTimes *frames)
{
  Member *follower = member (self, self->members->len - 1);
  const int yes = 1;

  follower->frames = frames;
  if (setsockopt (follower->fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes,
          sizeof (yes)) != 0)
    g_error ("cannot get time stamps: %s", g_strerror (errno));
}

static WhepAddress
read_address (const struct sockaddr_in *from)
{
  WhepAddress address = { .remote_ip = { [10] = 0xff, [11] = 0xff },
    .remote_port = ntohs (from->sin_port) };

  memcpy (address.remote_ip + 12, &from->sin_addr, 4);
  return address;
}

static void
note_first_packet (Crowd *self, Member *to, gint64 now_us)
{
  if (to->first_packet_us != 0 ||
      !peer_reception (to->peer, WHEP_VIDEO)->has_started)
    return;
  to->first_packet_us = now_us;
  latencies_add (self->joins, now_us - to->posted_us);
}

static gint64
received_us (struct msghdr *message)
{
  struct cmsghdr *stamp = CMSG_FIRSTHDR (message);
  struct timespec time;

  if (stamp == NULL || stamp->cmsg_type != SCM_TIMESTAMPNS)
    return 0;
  memcpy (&time, CMSG_DATA (stamp), sizeof (time));
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* For the last packet of a video frame. */
static void
note_frame (Crowd *self, Member *to, guint8 *data, gsize size, gint64 at_us)
{
  RtpPacket packet;
  gint64 sent_us;

  if (!rtp_parse (&packet, data, size) || !packet.is_marked ||
      !peer_is_video (to->peer, packet.ssrc) ||
      !peer_open (to->peer, data, &size) || !rtp_parse (&packet, data, size))
    return;
  sent_us = frame_times_get (to->frames,
      frame_key (packet.payload, packet.payload_size));
  if (sent_us == 0 || at_us == 0)
    return;
  self->n_frames++;
  latencies_add (self->latencies, at_us - sent_us);
}

static void
receive (Crowd *self, Member *to)
{
  static guint8 rooms[RECEIVE_BATCH][DATAGRAM_MAX];
  union
  {
    struct cmsghdr align;
    guint8 bytes[STAMP_BYTES];
  } stamps[RECEIVE_BATCH];
  struct sockaddr_in froms[RECEIVE_BATCH];
  struct mmsghdr messages[RECEIVE_BATCH] = { 0 };
  struct iovec chunks[RECEIVE_BATCH];
  gint64 now_us = g_get_monotonic_time ();
  int n_received;

  for (guint i = 0; i < RECEIVE_BATCH; i++) {
    chunks[i] = (struct iovec){ rooms[i], sizeof (rooms[i]) };
    messages[i].msg_hdr = (struct msghdr){ .msg_name = &froms[i],
      .msg_namelen = sizeof (froms[i]),
      .msg_iov = &chunks[i],
      .msg_iovlen = 1,
      .msg_control = &stamps[i],
      .msg_controllen = sizeof (stamps[i]) };
  }
  n_received = recvmmsg (to->fd, messages, RECEIVE_BATCH, 0, NULL);
  for (int i = 0; i < n_received; i++) {
    WhepAddress from = read_address (&froms[i]);

    peer_receive (to->peer, rooms[i], messages[i].msg_len, &from, now_us,
        self->out);
    if (to->frames != NULL)
      note_frame (self, to, rooms[i], messages[i].msg_len,
          received_us (&messages[i].msg_hdr));
  }
  note_first_packet (self, to, now_us);
  flush (self, to->fd);
}

static void
tick (Crowd *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < self->next_tick_us)
    return;
  self->next_tick_us = now_us + TICK_US;
  for (guint i = 0; i < self->members->len; i++) {
    Member *due = member (self, i);

    if (peer_deadline_us (due->peer, now_us) > now_us)
      continue;
    peer_tick (due->peer, now_us, self->out);
    flush (self, due->fd);
  }
}

/* libsoup is slow when many messages wait in its own queue. */
static void
go_on_storming (Crowd *self)
{
  while (self->n_coming > 0 && self->n_waiting < MAX_CONNECTIONS) {
    self->n_coming--;
    post_async (self, self->storm_url);
  }
  while (self->n_waiting > 0 && g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
run_once (Crowd *self)
{
  struct epoll_event events[EVENTS_BATCH];
  int n_events = epoll_wait (self->epoll, events, EVENTS_BATCH, TICK_US / 1000);

  for (int i = 0; i < n_events; i++)
    receive (self, member (self, events[i].data.u32));
  go_on_storming (self);
  tick (self);
}

void
crowd_run_for (Crowd *self, gint64 duration_us)
{
  gint64 until_us = g_get_monotonic_time () + duration_us;

  while (g_get_monotonic_time () < until_us)
    run_once (self);
}

static guint
n_playing (const Crowd *self)
{
  guint n = 0;

  for (guint i = 0; i < self->members->len; i++)
    n += member (self, i)->first_packet_us != 0;
  return n;
}

gboolean
crowd_run_until_playing (Crowd *self, gint64 limit_us)
{
  gint64 until_us = g_get_monotonic_time () + limit_us;

  while (self->n_coming + self->n_waiting > 0 ||
      n_playing (self) < self->members->len) {
    if (g_get_monotonic_time () >= until_us)
      return FALSE;
    run_once (self);
  }
  return TRUE;
}

void
crowd_join (Crowd *self, const gchar *url, guint n_peers)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_peers; i++)
    if (!crowd_post (self, url, &error))
      g_error ("viewer %u: %s", i, error->message);
  if (!crowd_run_until_playing (self, JOIN_LIMIT_US))
    g_error ("some viewers receive no media");
}

static gboolean
is_starved (Member *self)
{
  guint64 n_before = self->n_counted;

  self->n_counted = peer_reception (self->peer, WHEP_VIDEO)->n_received;
  return self->n_counted == n_before;
}

static guint32
count_choked (int fd)
{
  guint32 info[SK_MEMINFO_VARS] = { 0 };
  socklen_t size = sizeof (info);

  if (getsockopt (fd, SOL_SOCKET, SO_MEMINFO, info, &size) != 0)
    g_error ("cannot read a socket's drop count: %s", g_strerror (errno));
  return info[SK_MEMINFO_DROPS];
}

CrowdCounts
crowd_count (Crowd *self)
{
  CrowdCounts counts = { .n_playing = n_playing (self),
    .n_frames = self->n_frames };

  for (guint i = 0; i < self->members->len; i++) {
    Member *each = member (self, i);

    counts.n_connected += peer_is_connected (each->peer);
    counts.n_ended += peer_is_closed (each->peer) && !each->is_dismissed;
    counts.n_starved += is_starved (each);
    counts.n_choked += count_choked (each->fd);
    for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
      const Reception *reception = peer_reception (each->peer, kind);

      counts.n_packets += reception->n_received;
      counts.n_lost += reception_n_missing (reception);
      counts.n_bytes += reception->n_bytes;
    }
  }
  return counts;
}

Latencies *
crowd_latencies (Crowd *self)
{
  return self->latencies;
}

Latencies *
crowd_joins (Crowd *self)
{
  return self->joins;
}

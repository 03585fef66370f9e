/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many peers in one thread: see crowd-io.h. */

#include "whepbench/crowd-io.h"
#include "whepbench/feedback.h"
#include "whepbench/peersdp.h"
#include "whepbench/peersocket-io.h"
#include "whepbench/whepclient-io.h"

#include <errno.h>
#include <gio/gio.h>
#include <openssl/rand.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_BATCH 128
/* How late a check, a report or a DTLS retransmission may be. */
#define TICK_US (5 * 1000)
#define JOIN_LIMIT_US (30 * G_USEC_PER_SEC)

typedef struct
{
  Peer *peer;
  PeerSocket socket;
  gint64 posted_us;
  gint64 first_packet_us;  /* 0: none yet */
  CrowdSentTime sent_time; /* nullable */
  gpointer times;
  guint64 n_counted; /* video packets, at the last count */
  gboolean is_dismissed;
} Member;

/* An offer that has been posted and not answered. */
typedef struct
{
  Crowd *crowd;
  Peer *peer; /* NULL once it is let in */
  gint64 posted_us;
  gboolean is_answered;
  gchar *fault; /* nullable */
} Request;

struct _Crowd
{
  WhepClient *client;
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
  PeerDatagram datagrams[PEER_SOCKET_BATCH];
};

Crowd *
crowd_new (void)
{
  const WhepClientParams params = { NULL };
  Crowd *self = g_new0 (Crowd, 1);

  self->client = whep_client_new (&params);
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
say_goodbye (Crowd *self, Member *member)
{
  if (member->is_dismissed)
    return;
  member->is_dismissed = TRUE;
  peer_closes (member->peer, self->out);
  peer_socket_flush (&member->socket, self->out);
}

void
crowd_free (Crowd *self)
{
  for (guint i = 0; i < self->members->len; i++) {
    say_goodbye (self, member (self, i));
    peer_free (member (self, i)->peer);
    peer_socket_close (&member (self, i)->socket);
  }
  g_array_unref (self->members);
  latencies_free (self->latencies);
  latencies_free (self->joins);
  whep_outbox_free (self->out);
  close (self->epoll);
  whep_client_free (self->client);
  g_free (self->storm_url);
  g_free (self);
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

guint64
crowd_random (void)
{
  guint64 number;

  if (RAND_bytes ((guint8 *) &number, sizeof (number)) != 1)
    g_error ("no random numbers");
  return number;
}

Peer *
crowd_new_peer (Crowd *self)
{
  const PeerParams params = { .seed = crowd_random (),
    .is_skimming = !self->opens_packets };

  return peer_new (&params);
}

gint
crowd_enter (Crowd *self, Peer *peer, GError **error)
{
  guint index = self->members->len;
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };
  Member added = { .peer = peer };

  g_assert (index < CROWD_MAX_PEERS);
  if (!peer_socket_open (&added.socket, error))
    return -1;
  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, added.socket.fd, &event) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "epoll: %s",
        g_strerror (errno));
    peer_socket_close (&added.socket);
    return -1;
  }
  g_array_append_val (self->members, added);
  return index;
}

void
crowd_connect (Crowd *self, guint index, const PeerRemote *remote,
    gint64 posted_us)
{
  Member *entered = member (self, index);

  entered->posted_us = posted_us;
  peer_connect (entered->peer, remote, g_get_monotonic_time ());
}

Peer *
crowd_peer (const Crowd *self, guint index)
{
  return member (self, index)->peer;
}

guint16
crowd_port (const Crowd *self, guint index)
{
  return peer_socket_port (&member (self, index)->socket);
}

gint64
crowd_first_packet_us (const Crowd *self, guint index)
{
  return member (self, index)->first_packet_us;
}

void
crowd_leave (Crowd *self, guint index)
{
  say_goodbye (self, member (self, index));
}

void
crowd_add (Crowd *self, Peer *peer, const PeerRemote *remote, gint64 posted_us)
{
  g_autoptr (GError) error = NULL;
  gint index = crowd_enter (self, peer, &error);

  if (index < 0)
    g_error ("no socket for a peer: %s", error->message);
  crowd_connect (self, index, remote, posted_us);
}

/* Lets the peer in if the gateway accepts it. */
static void
on_reply (const WhepReply *reply, gpointer user_data)
{
  Request *self = user_data;
  PeerRemote remote;

  self->is_answered = TRUE;
  if (reply->answer == NULL)
    self->fault = g_strdup (reply->fault);
  else if (!peer_remote_parse (&remote, reply->answer))
    self->fault = g_strdup (peer_remote_fault (&remote));
  else
    crowd_add (self->crowd, g_steal_pointer (&self->peer), &remote,
        self->posted_us);
}

static void
post (Crowd *self, Request *request, const gchar *url, WhepReplyFunc reply)
{
  Peer *peer = crowd_new_peer (self);
  g_autofree gchar *offer = peer_offer_new_plain (peer);

  *request = (Request){ .crowd = self,
    .peer = peer,
    .posted_us = g_get_monotonic_time () };
  whep_client_post (self->client, url, offer, reply, request);
}

gboolean
crowd_post (Crowd *self, const gchar *url, GError **error)
{
  Request request;

  post (self, &request, url, on_reply);
  while (!request.is_answered)
    g_main_context_iteration (NULL, TRUE);
  if (request.fault != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "POST: %s",
        request.fault);
  peer_free (request.peer);
  if (request.fault == NULL)
    return TRUE;
  g_free (request.fault);
  return FALSE;
}

static void
on_storm_reply (const WhepReply *reply, gpointer user_data)
{
  Request *request = user_data;

  request->crowd->n_waiting--;
  on_reply (reply, request);
  if (request->fault != NULL)
    g_error ("POST: %s", request->fault);
  g_free (request);
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
  peer_socket_flush (&member->socket, self->out);
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

void
crowd_follow (Crowd *self, CrowdSentTime sent_time, gpointer times)
{
  Member *follower = member (self, self->members->len - 1);
  g_autoptr (GError) error = NULL;

  follower->sent_time = sent_time;
  follower->times = times;
  if (!peer_socket_stamp (&follower->socket, &error))
    g_error ("%s", error->message);
}

/* Of video, if there is any. */
static gboolean
has_media (const Peer *peer)
{
  return peer_reception (peer, WHEP_VIDEO)->has_started ||
      (!peer_has_video (peer) &&
          peer_reception (peer, WHEP_AUDIO)->has_started);
}

static void
note_first_packet (Crowd *self, Member *to, gint64 now_us)
{
  if (to->first_packet_us != 0 || !has_media (to->peer))
    return;
  to->first_packet_us = now_us;
  latencies_add (self->joins, now_us - to->posted_us);
}

/* For the last packet of a video frame. */
static void
note_frame (Crowd *self, Member *to, PeerDatagram *datagram)
{
  RtpPacket packet;
  gint64 sent_us;

  if (!rtp_parse (&packet, datagram->data, datagram->size) ||
      !packet.is_marked || !peer_is_video (to->peer, packet.ssrc) ||
      !peer_open (to->peer, datagram->data, &datagram->size) ||
      !rtp_parse (&packet, datagram->data, datagram->size) ||
      !rtp_remove_padding (&packet))
    return;
  sent_us = to->sent_time (to->times, packet.payload, packet.payload_size);
  if (sent_us == 0 || datagram->stamped_us == 0)
    return;
  self->n_frames++;
  latencies_add (self->latencies, datagram->stamped_us - sent_us);
}

static void
receive (Crowd *self, Member *to)
{
  gint64 now_us = g_get_monotonic_time ();
  guint n_received = peer_socket_receive (&to->socket, self->datagrams);

  for (guint i = 0; i < n_received; i++) {
    PeerDatagram *datagram = &self->datagrams[i];

    peer_receive (to->peer, datagram->data, datagram->size, &datagram->from,
        now_us, self->out);
    if (to->sent_time != NULL)
      note_frame (self, to, datagram);
  }
  note_first_packet (self, to, now_us);
  peer_socket_flush (&to->socket, self->out);
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
    peer_socket_flush (&due->socket, self->out);
  }
}

/* libsoup is slow when many messages wait in its own queue. */
static void
go_on_storming (Crowd *self)
{
  while (self->n_coming > 0 && self->n_waiting < WHEP_CLIENT_MAX_CONNECTIONS) {
    self->n_coming--;
    self->n_waiting++;
    post (self, g_new (Request, 1), self->storm_url, on_storm_reply);
  }
  while (self->n_waiting > 0 && g_main_context_iteration (NULL, FALSE))
    continue;
}

void
crowd_serve (Crowd *self)
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
    crowd_serve (self);
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
    crowd_serve (self);
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
    counts.n_choked += peer_socket_n_dropped (&each->socket);
    for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
      const Reception *reception = peer_reception (each->peer, kind);

      counts.n_packets += reception->n_received;
      counts.n_lost += reception_n_missing (reception);
      counts.n_bytes += reception->n_bytes;
      counts.n_asked += reception->n_asked;
      counts.n_repaired += reception->n_repaired;
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

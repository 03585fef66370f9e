/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of whepsink: see gstwhepsinksettings.h. */

#include "gst/settings/gstwhepsinksettings.h"

#define DEFAULT_ADDRESS "::"
#define DEFAULT_PORT 8080
#define DEFAULT_MAX_VIEWERS 1000
/* A school or an office behind one address, and no seat for everybody else
 * taken by one. */
#define DEFAULT_MAX_VIEWERS_PER_ADDRESS 250
/* Less would not hold a key frame; more is another program's memory. */
#define MIN_BACKLOG_BYTES (64 * 1024)
#define MAX_BACKLOG_BYTES (256 * 1024 * 1024)
#define MAX_BACKLOG_TIME (60 * GST_SECOND)
/* Who has been away for longer begins another broadcast. */
#define MAX_LINGER (24 * 3600 * GST_SECOND)

#define AT(member) G_STRUCT_OFFSET (GstWhepSettings, member)

static const GstSetting table[] = {
  { .name = "address",
      .kind = GST_SETTING_STRING,
      .offset = AT (address),
      .flags = GST_SETTING_READY,
      .default_text = DEFAULT_ADDRESS,
      .nick = "Address",
      .blurb = "The IP address to serve on; \"::\" is all of IPv6 and IPv4" },
  { .name = "port",
      .kind = GST_SETTING_UINT,
      .offset = AT (port),
      .flags = GST_SETTING_READY,
      .max = G_MAXUINT16,
      .default_value = DEFAULT_PORT,
      .nick = "Port",
      .blurb =
          "The port: HTTP on TCP and all media on UDP; 0 picks one that is "
          "free, which the property then reads while the element runs" },
  { .name = "advertise",
      .kind = GST_SETTING_STRING,
      .offset = AT (advertise),
      .flags = GST_SETTING_READY,
      .nick = "Advertise",
      .blurb =
          "More IP addresses that viewers can reach this machine by, separated "
          "by commas: behind NAT or in a container, the host's. The machine's "
          "own addresses and the one that a viewer's request came to are "
          "always offered" },
  { .name = "max-viewers",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_viewers),
      .flags = GST_SETTING_READY,
      .min = 1,
      .max = GST_WHEP_MAX_VIEWERS,
      .default_value = DEFAULT_MAX_VIEWERS,
      .nick = "Maximum viewers",
      .blurb =
          "Viewers of all streams together; more are told to come back later" },
  { .name = "threads",
      .kind = GST_SETTING_UINT,
      .offset = AT (n_threads),
      .flags = GST_SETTING_READY,
      .max = GST_WHEP_MAX_THREADS,
      .nick = "Threads",
      .blurb =
          "Threads that send to viewers, each with viewers of its own; 0 is as "
          "many as there are processor cores" },
  { .name = "max-backlog-bytes",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_backlog_bytes),
      .flags = GST_SETTING_READY,
      .min = MIN_BACKLOG_BYTES,
      .max = MAX_BACKLOG_BYTES,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_BYTES,
      .nick = "Maximum backlog in bytes",
      .blurb =
          "What is kept of each track since its newest key frame, so that a "
          "viewer who joins sees a picture at once. With longer GOPs a viewer "
          "waits for the next key frame" },
  { .name = "max-backlog-time",
      .kind = GST_SETTING_UINT64,
      .offset = AT (max_backlog_time),
      .flags = GST_SETTING_READY,
      .min = GST_SECOND,
      .max = MAX_BACKLOG_TIME,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_TIME,
      .nick = "Maximum backlog in time",
      .blurb = "The same limit as a time, in nanoseconds" },
  { .name = "linger",
      .kind = GST_SETTING_UINT64,
      .offset = AT (linger),
      .flags = GST_SETTING_READY,
      .max = MAX_LINGER,
      .default_value = GST_WHEP_DEFAULT_LINGER,
      .nick = "Linger",
      .blurb =
          "How long viewers wait for a publisher that has left, in "
          "nanoseconds. One that returns by then goes on where they are; after "
          "that they are disconnected, and pages ask again until it is there" },
  { .name = "latency-tracing",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (latency_tracing),
      .flags = GST_SETTING_READY,
      .nick = "Latency tracing",
      .blurb =
          "Time each live frame from this element's pad to the network: as "
          "histograms in \"stats\" and in /metrics" },
  { .name = "max-viewers-per-address",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_viewers_per_address),
      .flags = GST_SETTING_READY,
      .max = GST_WHEP_MAX_VIEWERS,
      .default_value = DEFAULT_MAX_VIEWERS_PER_ADDRESS,
      .nick = "Maximum viewers per address",
      .blurb =
          "Viewers from one IPv4 address or one IPv6 network of 64 bits, so "
          "that nobody takes all seats; 0 is no limit. Behind a proxy for HTTP "
          "on another machine, those who are about to connect share its "
          "address" },
  { .name = "ice-servers",
      .kind = GST_SETTING_STRING,
      .offset = AT (ice_servers),
      .flags = GST_SETTING_READY,
      .nick = "ICE servers",
      .blurb =
          "STUN and TURN servers that players are told of by the Link header, "
          "separated by commas: stun://HOST:PORT, "
          "turn://USER:PASSWORD@HOST:PORT. Who reaches this element's port "
          "needs none" },
  { .name = "view-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (view_keys),
      .flags = GST_SETTING_READY,
      .nick = "View keys",
      .blurb =
          "A file of who may watch: a line \"APP/KEY SECRET\" for each secret, "
          "\"*\" for each stream, SECRET plain or as \"sha256:HEX\"; read "
          "again "
          "when it has changed. Viewers send the secret as a Bearer token, or "
          "as ?token=. Without a file, everybody may watch" },
  { .name = "on-watch",
      .kind = GST_SETTING_STRING,
      .offset = AT (on_watch),
      .flags = GST_SETTING_READY,
      .nick = "On watch",
      .blurb =
          "A URL that is asked for each viewer, by a POST with JSON: action, "
          "app, key, query and address. 2xx is yes; anything else, and no "
          "answer, is no" },
  { .name = "publish-url",
      .kind = GST_SETTING_STRING,
      .offset = AT (publish_url),
      .flags = GST_SETTING_READY,
      .nick = "Publish URL",
      .blurb =
          "Where the page tells people to publish, if that is not where an "
          "rtmpserversrc of the same pipeline listens, as in a container with "
          "other ports outside: rtmp://HOST:PORT/APP or rtmps://…, several "
          "separated by commas" },
  { .name = "n-viewers",
      .kind = GST_SETTING_UINT,
      .flags = GST_SETTING_STATE,
      .max = G_MAXUINT,
      .nick = "Number of viewers",
      .blurb = "Viewers of all streams at the moment" },
  { NULL },
};

const GstSetting *
gst_whep_settings_table (void)
{
  return table;
}

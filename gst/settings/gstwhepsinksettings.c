/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of whepsink: see gstwhepsinksettings.h. */

#include "gst/settings/gstwhepsinksettings.h"
#include "gst/settings/gstjournalsettings.h"

#define DEFAULT_ADDRESS "::"
#define DEFAULT_PORT 8080
#define DEFAULT_MAX_VIEWERS 1000
/* Enough for a school or an office behind one address, but only a part of the
 * default of max-viewers. */
#define DEFAULT_MAX_VIEWERS_PER_ADDRESS 250
/* Half of all: a page needs a connection only while it starts. */
#define DEFAULT_MAX_CONNECTIONS_PER_ADDRESS (GST_WHEP_MAX_CONNECTIONS / 2)
/* A smaller backlog could not hold a key frame; a larger one would take memory
 * that other streams need. */
#define MIN_BACKLOG_BYTES (64 * 1024)
#define MAX_BACKLOG_BYTES (256 * 1024 * 1024)
#define MAX_BACKLOG_TIME (60 * GST_SECOND)
/* Of HTTP readers, as of RTMP players. */
#define MIN_LAG (100 * GST_MSECOND)
#define MAX_LAG (60 * GST_SECOND)
#define DEFAULT_LAG (3 * GST_SECOND)
/* What the log's limit in packets allows at 2 Mbit/s. */
#define MAX_REWIND (600 * GST_SECOND)
#define DEFAULT_REWIND_BYTES (64 * 1024 * 1024)
#define MAX_REWIND_BYTES (1024 * 1024 * 1024)
/* For a page that is reloaded, and for the next viewer of a busy stream. */
#define DEFAULT_ORIGIN_LINGER (10 * GST_SECOND)
/* Two threads and some megabytes each. */
#define DEFAULT_MAX_PULLS 64
/* A publisher that returns later is considered to start another broadcast. */
#define MAX_LINGER (24 * 3600 * GST_SECOND)

#define AT(member) G_STRUCT_OFFSET (GstWhepSettings, member)

static const GstSetting table[] = {
  { .name = "address",
      .kind = GST_SETTING_STRING,
      .offset = AT (address),
      .flags = GST_SETTING_READY,
      .default_text = DEFAULT_ADDRESS,
      .nick = "Address",
      .blurb = "The IP address to listen on; \"::\" means all addresses of "
               "the machine, IPv4 as well as IPv6" },
  { .name = "port",
      .kind = GST_SETTING_UINT,
      .offset = AT (port),
      .flags = GST_SETTING_READY,
      .max = G_MAXUINT16,
      .default_value = DEFAULT_PORT,
      .nick = "Port",
      .blurb = "The port for HTTP (TCP) and all media (UDP); 0 selects a "
               "free one, which the property returns while the element runs" },
  { .name = "advertise",
      .kind = GST_SETTING_STRING,
      .offset = AT (advertise),
      .flags = GST_SETTING_READY,
      .nick = "Advertise",
      .blurb = "Further IP addresses at which viewers reach this machine, "
               "separated by commas: those of the host, behind NAT or in a "
               "container. The machine's own addresses and the one that a "
               "viewer's request was sent to are always offered" },
  { .name = "advertise-list",
      .kind = GST_SETTING_LIST,
      .offset = AT (advertise),
      .flags = GST_SETTING_READY,
      .nick = "Advertise, as a list",
      .blurb = "The addresses of advertise as an array" },
  { .name = "max-viewers",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_viewers),
      .flags = GST_SETTING_PLAYING,
      .min = 1,
      .max = GST_WHEP_MAX_VIEWERS,
      .default_value = DEFAULT_MAX_VIEWERS,
      .nick = "Maximum viewers",
      .blurb = "The maximum number of viewers of all streams together; further "
               "viewers are asked to retry later" },
  { .name = "threads",
      .kind = GST_SETTING_UINT,
      .offset = AT (n_threads),
      .flags = GST_SETTING_READY,
      .max = GST_WHEP_MAX_THREADS,
      .nick = "Threads",
      .blurb = "The number of media threads, each of which sends to its own "
               "viewers; 0 means one per processor core" },
  { .name = "max-backlog-bytes",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_backlog_bytes),
      .flags = GST_SETTING_READY,
      .min = MIN_BACKLOG_BYTES,
      .max = MAX_BACKLOG_BYTES,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_BYTES,
      .nick = "Maximum backlog in bytes",
      .blurb =
          "How much of each track is kept since its newest key frame, so "
          "that a new viewer sees a picture immediately. If a GOP is larger, "
          "a new viewer waits for the next key frame" },
  { .name = "max-backlog-time",
      .kind = GST_SETTING_UINT64,
      .offset = AT (max_backlog_time),
      .flags = GST_SETTING_READY,
      .min = GST_SECOND,
      .max = MAX_BACKLOG_TIME,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_TIME,
      .nick = "Maximum backlog in time",
      .blurb = "The same limit as a duration, in nanoseconds" },
  { .name = "rewind",
      .kind = GST_SETTING_UINT64,
      .offset = AT (rewind),
      .flags = GST_SETTING_READY,
      .max = MAX_REWIND,
      .nick = "Rewind",
      .blurb =
          "How much more of each track is kept, in nanoseconds, for viewers "
          "that stay behind live by up to this time (?delay=SECONDS); 0: "
          "none" },
  { .name = "max-rewind-bytes",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_rewind_bytes),
      .flags = GST_SETTING_READY,
      .min = MIN_BACKLOG_BYTES,
      .max = MAX_REWIND_BYTES,
      .default_value = DEFAULT_REWIND_BYTES,
      .nick = "Maximum rewind in bytes",
      .blurb = "The limit of what is kept of each track for that" },
  { .name = "linger",
      .kind = GST_SETTING_UINT64,
      .offset = AT (linger),
      .flags = GST_SETTING_READY,
      .max = MAX_LINGER,
      .default_value = GST_WHEP_DEFAULT_LINGER,
      .nick = "Linger",
      .blurb =
          "How long viewers wait for a publisher that has left, in "
          "nanoseconds. If it returns in time, they continue where they "
          "are; otherwise they are disconnected, and pages retry until the "
          "stream is back" },
  { .name = "origin-linger",
      .kind = GST_SETTING_UINT64,
      .offset = AT (origin_linger),
      .flags = GST_SETTING_READY,
      .max = MAX_LINGER,
      .default_value = DEFAULT_ORIGIN_LINGER,
      .nick = "Linger of pulled streams",
      .blurb = "How long a stream that was pulled for viewers stays after the "
               "last of them has left, in nanoseconds" },
  { .name = "max-pulls",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_pulls),
      .flags = GST_SETTING_READY,
      .min = 1,
      .max = GST_WHEP_MAX_PULLS,
      .default_value = DEFAULT_MAX_PULLS,
      .nick = "Maximum pulls",
      .blurb =
          "The maximum number of streams that are pulled at the same time; "
          "viewers of further ones are asked to retry later" },
  { .name = "node",
      .kind = GST_SETTING_STRING,
      .offset = AT (node),
      .flags = GST_SETTING_READY,
      .nick = "Node",
      .blurb =
          "The name of this server behind a load balancer: letters, digits, "
          "\"-\" and \"_\". It is part of the URL of each session, so that "
          "the balancer finds the server again; viewers that have to leave "
          "are asked to come again, /healthz says when the server is full, "
          "and the host that a request was sent to is not offered for media" },
  { .name = "redirect-to",
      .kind = GST_SETTING_STRING,
      .offset = AT (redirect_to),
      .flags = GST_SETTING_READY,
      .nick = "Redirect to",
      .blurb = "The nodes, separated by commas, to which the balancer takes "
               "viewers in turn for whom this server has no room, or which it "
               "does not admit because it is drained, unless the directory or "
               "the signal find-room knows one with room; by default, such "
               "viewers are asked to retry later" },
  { .name = "redirect-to-list",
      .kind = GST_SETTING_LIST,
      .offset = AT (redirect_to),
      .flags = GST_SETTING_READY,
      .nick = "Redirect to, as a list",
      .blurb = "The nodes of redirect-to as an array" },
  { .name = "max-lag",
      .kind = GST_SETTING_UINT64,
      .offset = AT (max_lag),
      .flags = GST_SETTING_READY,
      .min = MIN_LAG,
      .max = MAX_LAG,
      .default_value = DEFAULT_LAG,
      .nick = "Maximum lag",
      .blurb = "How long the connection of a reader of /live/APP/KEY.mp4 may "
               "be too slow before the reader jumps to the newest key frame, "
               "in nanoseconds" },
  { .name = "latency-tracing",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (latency_tracing),
      .flags = GST_SETTING_READY,
      .default_value = TRUE,
      .nick = "Latency tracing",
      .blurb =
          "Measure the time of each live frame from this element's pad to "
          "the network, shown as histograms in \"stats\" and in /metrics" },
  { .name = "max-viewers-per-address",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_viewers_per_address),
      .flags = GST_SETTING_PLAYING,
      .max = GST_WHEP_MAX_VIEWERS,
      .default_value = DEFAULT_MAX_VIEWERS_PER_ADDRESS,
      .nick = "Maximum viewers per address",
      .blurb = "The maximum number of viewers from one IPv4 address or one "
               "IPv6 /64 network, so that one client cannot take the places "
               "of all others; 0 means no limit. Behind an HTTP proxy on "
               "another machine, viewers that have not connected yet are "
               "counted for the proxy's address" },
  { .name = "max-viewers-per-stream",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_viewers_per_stream),
      .flags = GST_SETTING_PLAYING,
      .max = GST_WHEP_MAX_VIEWERS,
      .nick = "Maximum viewers per stream",
      .blurb = "The maximum number of viewers of one stream, so that a "
               "popular stream leaves places for the others; 0 means no "
               "limit" },
  { .name = "max-connections-per-address",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_connections_per_address),
      .flags = GST_SETTING_READY,
      .max = GST_WHEP_MAX_CONNECTIONS,
      .default_value = DEFAULT_MAX_CONNECTIONS_PER_ADDRESS,
      .nick = "Maximum connections per address",
      .blurb = "The maximum number of HTTP connections from one IPv4 address "
               "or one IPv6 /64 network, without those of server-sent "
               "events; a new connection replaces the oldest of its address. "
               "0 means no limit, for instance behind an HTTP proxy, which "
               "has all connections" },
  { .name = "ice-servers",
      .kind = GST_SETTING_STRING,
      .offset = AT (ice_servers),
      .flags = GST_SETTING_READY,
      .nick = "ICE servers",
      .blurb =
          "STUN and TURN servers that players learn from the Link header, "
          "separated by commas: stun://HOST:PORT, "
          "turn://USER:PASSWORD@HOST:PORT. Players that reach this element's "
          "port need none" },
  { .name = "ice-servers-list",
      .kind = GST_SETTING_LIST,
      .offset = AT (ice_servers),
      .flags = GST_SETTING_READY,
      .nick = "ICE servers, as a list",
      .blurb = "The URLs of ice-servers as an array; a comma in one is stored "
               "as %2C" },
  { .name = "view-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (view_keys),
      .flags = GST_SETTING_READY,
      .nick = "View keys",
      .blurb = "A file of keys for viewers: a line \"APP/KEY SECRET\" for "
               "each secret, with \"*\" for every stream, and SECRET plain "
               "or as \"sha256:HEX\"; it is read again when it changes. "
               "Viewers send the secret as a bearer token or as ?token=. "
               "Without a file, anyone may watch" },
  { .name = "view-jwt-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (view_jwt_keys),
      .flags = GST_SETTING_READY,
      .nick = "View JWT keys",
      .blurb = "A file with the keys that JSON Web Tokens of viewers are "
               "verified with: a JWK set, public keys in PEM, or a shared "
               "secret; it is read again when it changes. The token's claim "
               "\"watch\" names streams, and \"admin\" makes an "
               "administrator. With view-keys, either suffices" },
  { .name = "on-watch",
      .kind = GST_SETTING_STRING,
      .offset = AT (on_watch),
      .flags = GST_SETTING_READY,
      .nick = "On watch",
      .blurb = "A URL that receives a POST about each viewer, with JSON: "
               "action, app, key, query and address. A 2xx response admits "
               "the viewer; any other response, or none, rejects the viewer" },
  GST_SETTING_ON_EVENT (AT (on_event)),
  GST_SETTING_ON_EVENT_SECRET_FILE (AT (on_event_secret_file)),
  { .name = "api-token-file",
      .kind = GST_SETTING_STRING,
      .offset = AT (api_token_file),
      .flags = GST_SETTING_READY,
      .nick = "API token file",
      .blurb = "A file of administrators' tokens, one per line, plain or as "
               "\"sha256:HEX\"; it is read again when it changes. Such a "
               "token gives access to everything: /metrics requires one, and "
               "so does what /api/v1 has for administrators. Without a "
               "file, /metrics is open to clients that may watch every "
               "stream" },
  { .name = "cors-origins",
      .kind = GST_SETTING_STRING,
      .offset = AT (cors_origins),
      .flags = GST_SETTING_READY,
      .nick = "CORS origins",
      .blurb = "The origins whose pages may use this server, such as "
               "https://example.net, separated by commas; \"*\" means any. "
               "By default, pages of any origin may play streams over WHEP, "
               "and none may read the lists" },
  { .name = "cors-origins-list",
      .kind = GST_SETTING_LIST,
      .offset = AT (cors_origins),
      .flags = GST_SETTING_READY,
      .nick = "CORS origins, as a list",
      .blurb = "The origins of cors-origins as an array" },
  { .name = "publish-url",
      .kind = GST_SETTING_STRING,
      .offset = AT (publish_url),
      .flags = GST_SETTING_READY,
      .nick = "Publish URL",
      .blurb = "The address for publishing that the page shows, if it is "
               "not where an rtmpserversrc of the same pipeline listens (in "
               "a container with other ports outside): rtmp://HOST:PORT/APP "
               "or rtmps://…, several separated by commas" },
  { .name = "publish-url-list",
      .kind = GST_SETTING_LIST,
      .offset = AT (publish_url),
      .flags = GST_SETTING_READY,
      .nick = "Publish URLs, as a list",
      .blurb = "The URLs of publish-url as an array; a comma in one is stored "
               "as %2C" },
  { .name = "tls-certificate",
      .kind = GST_SETTING_STRING,
      .offset = AT (tls_certificate),
      .flags = GST_SETTING_READY,
      .nick = "TLS certificate",
      .blurb = "A PEM file with the server's certificate and its chain. If it "
               "is set, HTTPS is served on the same port as HTTP. It is read "
               "again when it changes" },
  { .name = "tls-key",
      .kind = GST_SETTING_STRING,
      .offset = AT (tls_key),
      .flags = GST_SETTING_READY,
      .nick = "TLS key",
      .blurb = "A PEM file with the certificate's key, without a password; if "
               "unset, it is in the certificate's file" },
  { .name = "tls-self-signed",
      .kind = GST_SETTING_STRING,
      .offset = AT (tls_self_signed),
      .flags = GST_SETTING_READY,
      .nick = "TLS self-signed",
      .blurb = "A folder for a certificate that the element makes itself, for "
               "this machine's names and addresses, unless tls-certificate is "
               "set. It is kept there until it is about to expire or lacks an "
               "address" },
  { .name = "https-only",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (https_only),
      .flags = GST_SETTING_READY,
      .nick = "HTTPS only",
      .blurb = "Redirect requests without TLS to HTTPS, except for "
               "/healthz. Needs a certificate" },
  { .name = "tls-fingerprint",
      .kind = GST_SETTING_STRING,
      .flags = GST_SETTING_STATE,
      .nick = "TLS fingerprint",
      .blurb = "The SHA-256 of the certificate that HTTPS started with, as "
               "browsers show it; unset without HTTPS" },
  { .name = "n-viewers",
      .kind = GST_SETTING_UINT,
      .flags = GST_SETTING_STATE,
      .max = G_MAXUINT,
      .nick = "Number of viewers",
      .blurb = "Current number of viewers of all streams" },
  { NULL },
};

const GstSetting *
gst_whep_settings_table (void)
{
  return table;
}

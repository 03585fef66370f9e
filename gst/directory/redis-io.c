/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to Redis: see redis-io.h. */

#include "gst/directory/redis-io.h"
#include "gst/directory/redistls-io.h"

#include <hiredis/hiredis.h>

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

/* The longest command: EVAL with its key and three arguments. */
#define MAX_WORDS 8
/* Of what an error says. */
#define ERROR_MAX_BYTES 120

struct _DirectoryRedis
{
  redisContext *context;
};

static struct timeval
timeout (void)
{
  return (struct timeval){
    .tv_sec = DIRECTORY_REDIS_TIMEOUT_MS / 1000,
    .tv_usec = DIRECTORY_REDIS_TIMEOUT_MS % 1000 * 1000,
  };
}

/* Whatever the server said, in one line of printable characters. */
static gchar *
dup_printable (const gchar *text, gsize size)
{
  g_autofree gchar *start = g_strndup (text, MIN (size, ERROR_MAX_BYTES));

  return g_strescape (start, NULL);
}

static gchar *
dup_error (const redisContext *context)
{
  if (context == NULL)
    return g_strdup ("there is no memory");
  return dup_printable (context->errstr, strlen (context->errstr));
}

static redisContext *
connect_to (GInetAddress *address, guint port)
{
  g_autofree gchar *ip = g_inet_address_to_string (address);

  return redisConnectWithTimeout (ip, port, timeout ());
}

/* Returns: (nullable): a connection to the first address that accepts one. */
static redisContext *
connect_to_any (const DirectoryRedisUrl *url, GCancellable *cancellable,
    gchar **why)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name (resolver, url->host, cancellable, &error);
  redisContext *context = NULL;
  guint n = 0;

  if (addresses == NULL)
    *why = g_strdup (error->message);
  for (GList *l = addresses; l != NULL && n < DIRECTORY_REDIS_MAX_ADDRESSES &&
       !g_cancellable_is_cancelled (cancellable);
       l = l->next, n++) {
    context = connect_to (l->data, url->port);
    if (context != NULL && context->err == 0)
      break;
    g_free (*why);
    *why = dup_error (context);
    g_clear_pointer (&context, redisFree);
  }
  g_resolver_free_addresses (addresses);
  return context;
}

static gboolean
obeys (DirectoryRedis *self, guint n, const gchar *const *words, gchar **why)
{
  directory_redis_add (self, n, words);
  return directory_redis_read (self, NULL, why) == DIRECTORY_REDIS_DONE;
}

/* Redis checks the password first, then whether there is such a database; a
 * server that hangs accepts connections, too, and answers nothing. */
static gboolean
log_in (DirectoryRedis *self, const DirectoryRedisUrl *url,
    const gchar *password, gchar **why)
{
  g_autofree gchar *database = g_strdup_printf ("%u", url->database);
  const gchar *select[] = { "SELECT", database };
  const gchar *auth[] = { "AUTH", NULL, NULL };
  guint n = 1;

  if (url->user != NULL)
    auth[n++] = url->user;
  auth[n++] = password;
  return (password == NULL || obeys (self, n, auth, why)) &&
      obeys (self, G_N_ELEMENTS (select), select, why);
}

DirectoryRedis *
directory_redis_connect (const DirectoryRedisUrl *url, const gchar *password,
    GCancellable *cancellable, gchar **why)
{
  redisContext *context;
  DirectoryRedis *self;

  *why = NULL;
  context = connect_to_any (url, cancellable, why);
  if (context == NULL && *why == NULL)
    *why = g_strdup ("it was given up");
  if (context == NULL)
    return NULL;
  g_clear_pointer (why, g_free);
  self = g_new0 (DirectoryRedis, 1);
  self->context = context;
  redisSetTimeout (context, timeout ());
  if ((!url->is_tls || directory_redis_secure (context, url->host, why)) &&
      log_in (self, url, password != NULL ? password : url->password, why))
    return self;
  directory_redis_free (self);
  return NULL;
}

void
directory_redis_free (DirectoryRedis *self)
{
  if (self == NULL)
    return;
  redisFree (self->context);
  g_free (self);
}

gchar *
directory_redis_dup_local_ip (const DirectoryRedis *self)
{
  struct sockaddr_storage address;
  socklen_t size = sizeof (address);
  gchar ip[NI_MAXHOST];

  if (getsockname (self->context->fd, (struct sockaddr *) &address, &size) !=
          0 ||
      getnameinfo ((struct sockaddr *) &address, size, ip, sizeof (ip), NULL, 0,
          NI_NUMERICHOST) != 0)
    return NULL;
  /* An address with a scope has no meaning on other machines. */
  if (strchr (ip, '%') != NULL)
    return NULL;
  return strchr (ip, ':') != NULL ? g_strdup_printf ("[%s]", ip)
                                  : g_strdup (ip);
}

void
directory_redis_add (DirectoryRedis *self, guint n, const gchar *const *words)
{
  const gchar *argv[MAX_WORDS];
  gsize sizes[MAX_WORDS];

  g_assert (n <= MAX_WORDS);
  for (guint i = 0; i < n; i++) {
    argv[i] = words[i];
    sizes[i] = strlen (words[i]);
  }
  /* Out of memory is an error of the connection, which the reply shows. */
  redisAppendCommandArgv (self->context, n, argv, sizes);
}

/* What another connection may mend: it logs in again, and the server's name may
 * lead to another one by then. Any other error is about the command. */
static gboolean
is_of_connection (const gchar *error)
{
  static const gchar *const codes[] = { "NOAUTH ", "READONLY ", "MASTERDOWN " };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_has_prefix (error, codes[i]))
      return TRUE;
  return FALSE;
}

static DirectoryRedisVerdict
take_reply (const redisReply *reply, GBytes **bytes, gchar **why)
{
  switch (reply->type) {
    case REDIS_REPLY_STRING:
      if (bytes != NULL)
        *bytes = g_bytes_new (reply->str, reply->len);
      return DIRECTORY_REDIS_DONE;
    case REDIS_REPLY_ERROR:
      /* By a script, it is somewhere in the text. */
      if (strstr (reply->str, "WRONGTYPE") != NULL)
        return DIRECTORY_REDIS_ALIEN;
      *why = dup_printable (reply->str, reply->len);
      return is_of_connection (reply->str) ? DIRECTORY_REDIS_FAILED
                                           : DIRECTORY_REDIS_REFUSED;
    default: /* a status, a number, nothing */
      return DIRECTORY_REDIS_DONE;
  }
}

/* hiredis limits each read: a server that drips would take for ever. */
static gboolean
get_reply (redisContext *context, gpointer *reply)
{
  gint64 until_us =
      g_get_monotonic_time () + DIRECTORY_REDIS_TIMEOUT_MS * (gint64) 1000;
  int is_written = 0;

  while (!is_written)
    if (redisBufferWrite (context, &is_written) != REDIS_OK)
      return FALSE;
  for (;;) {
    if (redisGetReplyFromReader (context, reply) != REDIS_OK)
      return FALSE;
    if (*reply != NULL)
      return TRUE;
    if (g_get_monotonic_time () >= until_us ||
        redisBufferRead (context) != REDIS_OK)
      return FALSE;
  }
}

DirectoryRedisVerdict
directory_redis_read (DirectoryRedis *self, GBytes **bytes, gchar **why)
{
  DirectoryRedisVerdict verdict;
  gpointer reply = NULL;

  if (bytes != NULL)
    *bytes = NULL;
  if (!get_reply (self->context, &reply)) {
    *why = dup_error (self->context);
    return DIRECTORY_REDIS_FAILED;
  }
  verdict = take_reply (reply, bytes, why);
  freeReplyObject (reply);
  return verdict;
}

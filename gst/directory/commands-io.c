/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands by which announcements are written and read: see commands-io.h.
 */

#include "gst/directory/commands-io.h"
#include "gst/directory/announcement.h"

#define TTL G_STRINGIFY (DIRECTORY_TTL_MS)

/* KEYS[1]: the stream's; ARGV: our announcement, and its time in ms. */
#define REFRESH_SCRIPT                                                         \
  "local v = redis.call('GET', KEYS[1]) "                                      \
  "if not v or v == ARGV[1] then "                                             \
  "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end return 0"
#define WITHDRAW_SCRIPT                                                        \
  "if redis.call('GET', KEYS[1]) == ARGV[1] then "                             \
  "redis.call('DEL', KEYS[1]) end return 0"

static void
add_set (DirectoryRedis *redis, const gchar *key, const gchar *value)
{
  const gchar *words[] = { "SET", key, value, "PX", TTL };

  directory_redis_add (redis, G_N_ELEMENTS (words), words);
}

static void
add_script (DirectoryRedis *redis, const gchar *script, const gchar *key,
    const gchar *value)
{
  const gchar *words[] = { "EVAL", script, "1", key, value, TTL };

  directory_redis_add (redis, G_N_ELEMENTS (words), words);
}

void
directory_command_add (DirectoryRedis *redis, DirectoryCommand command,
    const gchar *stream, const gchar *own)
{
  g_autofree gchar *key = directory_announcement_stream_key (stream);

  switch (command) {
    case DIRECTORY_COMMAND_CLAIM:
      add_set (redis, key, own);
      return;
    case DIRECTORY_COMMAND_REFRESH:
      add_script (redis, REFRESH_SCRIPT, key, own);
      return;
    case DIRECTORY_COMMAND_WITHDRAW:
      add_script (redis, WITHDRAW_SCRIPT, key, own);
      return;
  }
  g_assert_not_reached ();
}

void
directory_command_add_load (DirectoryRedis *redis, const gchar *gateway,
    const gchar *text)
{
  g_autofree gchar *key = directory_announcement_gateway_key (gateway);
  const gchar *words[] = { "DEL", key };

  if (text != NULL)
    add_set (redis, key, text);
  else
    directory_redis_add (redis, G_N_ELEMENTS (words), words);
}

DirectoryRedisVerdict
directory_command_look_up (DirectoryRedis *redis, const gchar *stream,
    GBytes **bytes, gchar **why)
{
  g_autofree gchar *key = directory_announcement_stream_key (stream);
  const gchar *words[] = { "GETRANGE", key, "0",
    G_STRINGIFY (DIRECTORY_ANNOUNCEMENT_MAX_BYTES) };

  directory_redis_add (redis, G_N_ELEMENTS (words), words);
  return directory_redis_read (redis, bytes, why);
}

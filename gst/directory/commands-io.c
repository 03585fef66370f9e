/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands by which announcements are written and read: see commands-io.h.
 */

#include "gst/directory/commands-io.h"
#include "gst/directory/announcement.h"
#include "gst/directory/nodetable.h"

#define TTL G_STRINGIFY (DIRECTORY_TTL_MS)

/* KEYS[1]: the stream's; ARGV: our announcement, and its time in ms. */
#define REFRESH_SCRIPT                                                         \
  "local v = redis.call('GET', KEYS[1]) "                                      \
  "if not v or v == ARGV[1] then "                                             \
  "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end return 0"
#define WITHDRAW_SCRIPT                                                        \
  "if redis.call('GET', KEYS[1]) == ARGV[1] then "                             \
  "redis.call('DEL', KEYS[1]) end return 0"

/* KEYS[1]: the nodes; ARGV: how many of them, what begins the key of a load,
 * and its last byte that counts. A node whose load has expired has ended. */
#define ROOMS_SCRIPT                                                           \
  "local found = {} "                                                          \
  "for _, id in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do "       \
  "local v = redis.pcall('GETRANGE', ARGV[2] .. id, 0, ARGV[3]) "              \
  "if v == '' then redis.call('SREM', KEYS[1], id) "                           \
  "elseif type(v) == 'string' then found[#found + 1] = v end end "             \
  "return table.concat(found, '\\n')"

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

guint
directory_command_add_load (DirectoryRedis *redis, const gchar *gateway,
    const gchar *text, gboolean is_node)
{
  g_autofree gchar *key = directory_announcement_gateway_key (gateway);
  const gchar *add[] = { "SADD", DIRECTORY_NODES_KEY, gateway };
  const gchar *expire[] = { "PEXPIRE", DIRECTORY_NODES_KEY, TTL };

  add_set (redis, key, text);
  if (!is_node)
    return 1;
  directory_redis_add (redis, G_N_ELEMENTS (add), add);
  directory_redis_add (redis, G_N_ELEMENTS (expire), expire);
  return 3;
}

guint
directory_command_withdraw_load (DirectoryRedis *redis, const gchar *gateway,
    gboolean is_node)
{
  g_autofree gchar *key = directory_announcement_gateway_key (gateway);
  const gchar *delete[] = { "DEL", key };
  const gchar *remove[] = { "SREM", DIRECTORY_NODES_KEY, gateway };

  directory_redis_add (redis, G_N_ELEMENTS (delete), delete);
  if (is_node)
    directory_redis_add (redis, G_N_ELEMENTS (remove), remove);
  return is_node ? 2 : 1;
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

DirectoryRedisVerdict
directory_command_ask_for_rooms (DirectoryRedis *redis, GBytes **bytes,
    gchar **why)
{
  g_autofree gchar *prefix = directory_announcement_gateway_key ("");
  const gchar *words[] = { "EVAL", ROOMS_SCRIPT, "1", DIRECTORY_NODES_KEY,
    G_STRINGIFY (DIRECTORY_NODE_TABLE_MAX), prefix,
    G_STRINGIFY (DIRECTORY_ANNOUNCEMENT_MAX_BYTES) };

  directory_redis_add (redis, G_N_ELEMENTS (words), words);
  return directory_redis_read (redis, bytes, why);
}

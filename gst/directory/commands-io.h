/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of Redis by which announcements are written and read.
 *
 * A stream's key holds the announcement of the gateway that began to have it
 * last: it is set without a condition when a publisher comes, and refreshed
 * only while it is still ours, or nobody's. So the directory does not waver
 * while a publisher moves, which its old gateway may notice late. */

#pragma once

#include "gst/directory/redis-io.h"

G_BEGIN_DECLS

typedef enum
{
  DIRECTORY_COMMAND_CLAIM,    /* even if another one has it */
  DIRECTORY_COMMAND_REFRESH,  /* unless another one has it by now */
  DIRECTORY_COMMAND_WITHDRAW, /* likewise */
} DirectoryCommand;

/* Adds a command, whose reply is to be read. @own is our announcement. */
void directory_command_add (DirectoryRedis *redis, DirectoryCommand command,
    const gchar *stream, const gchar *own);
/* Each returns how many commands it has added. @text: the load of @gateway,
 * which others find if it is a node: */
guint directory_command_add_load (DirectoryRedis *redis, const gchar *gateway,
    const gchar *text, gboolean is_node);
guint directory_command_withdraw_load (DirectoryRedis *redis,
    const gchar *gateway, gboolean is_node);

/* Asks for the announcement of a stream. @bytes: (nullable): what is there, if
 * anything, which is not more than an announcement has, and one byte. */
DirectoryRedisVerdict directory_command_look_up (DirectoryRedis *redis,
    const gchar *stream, GBytes **bytes, gchar **why);
/* Asks for the loads of nodes: @bytes: (nullable): one a line, of at most
 * DIRECTORY_NODE_TABLE_MAX of them, which Redis draws. */
DirectoryRedisVerdict directory_command_ask_for_rooms (DirectoryRedis *redis,
    GBytes **bytes, gchar **why);

G_END_DECLS

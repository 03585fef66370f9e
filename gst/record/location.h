/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of a recording, from a template that the operator writes and from a
 * stream's name, which a publisher chooses: no name leads out of the folder
 * that the template names, hides the file, or is a trap for a shell. Pure.
 *
 * A template consists of text and of
 *
 *   %a  the name's first part, the app      %Y %m %d  year, month, day
 *   %k  the rest of the name, the key       %H %M %S  hour, minute, second
 *   %%  a per cent sign
 *
 * In a name, letters, digits and - . _ stay, as does what is printable beyond
 * ASCII; each other byte, a dot or a hyphen at the beginning and a slash become
 * %XX. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RECORD_LOCATION_MAX_BYTES 1024
/* A longer name is cut off and ends with a hash of all of it, so that two of
 * them, a date and a number fit into the 255 bytes of a file's name. */
#define RECORD_LOCATION_MAX_NAME_BYTES 96
/* The limit of files that have the same path but for a number. */
#define RECORD_LOCATION_MAX_NUMBER 1000

/* Returns: (nullable): NULL if the template is valid, else the static reason
 * why not. */
const gchar *record_location_check (const gchar *location);
/* Returns: (transfer full): the path of a recording of @stream; @location is
 * valid. */
gchar *record_location_expand (const gchar *location, const gchar *stream,
    GDateTime *now);
/* Returns: (transfer full): @path with "-@number" before its extension. */
gchar *record_location_number (const gchar *path, guint number);

G_END_DECLS

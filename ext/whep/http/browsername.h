/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The short name of a viewer's browser. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHEP_BROWSER_NAME_MAX 47

/* Reads "Firefox 128" and the like from a User-Agent, for people; what no row
 * of the table describes is named by its first product. @name has room for
 * WHEP_BROWSER_NAME_MAX + 1 characters; "" if there is none. */
void whep_browser_name_parse (const gchar *user_agent, gchar *name);

G_END_DECLS

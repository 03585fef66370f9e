/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the web pages, which are compiled in. For the HTTP thread. */

#pragma once

#include "ext/whep/http/route.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhepPages WhepPages;

WhepPages *whep_pages_new (void);
void whep_pages_free (WhepPages *self);

/* Serves the page in the file @name. It names all the modules that it is going
 * to import, so that they are requested together and not one after another. */
void whep_pages_serve (WhepPages *self, SoupServerMessage *message,
    const gchar *name, const WhepRoute *route);
/* Serves a file that pages load. */
void whep_pages_serve_asset (WhepPages *self, SoupServerMessage *message,
    const WhepRoute *route);
/* Redirects to the page that a user has meant. */
void whep_pages_serve_moved (SoupServerMessage *message,
    const WhepRoute *route);
/* Replies 404: to a browser with a page that leads on, to others with a
 * problem. */
void whep_pages_serve_missing (WhepPages *self, SoupServerMessage *message,
    const WhepRoute *route);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random text and bytes: see random-io.h. */

#include "ext/whep/http/random-io.h"

#include <openssl/rand.h>

static const gchar ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
#define ALPHABET_SIZE (sizeof (ALPHABET) - 1)

void
whep_random_bytes (void *bytes, gsize size)
{
  /* Continuing without randomness, and hence without secrets, would be
   * worse. */
  if (RAND_bytes (bytes, size) != 1)
    g_error ("The system does not provide random bytes.");
}

/* Bytes beyond the last complete alphabet are discarded, because they would
 * favour the first characters. */
static gchar
random_character (void)
{
  guint8 byte;

  do
    whep_random_bytes (&byte, 1);
  while (byte >= 256 / ALPHABET_SIZE * ALPHABET_SIZE);
  return ALPHABET[byte % ALPHABET_SIZE];
}

void
whep_random_text (gchar *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    text[i] = random_character ();
  text[length] = '\0';
}

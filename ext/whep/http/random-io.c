/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets and names that nobody can guess: see random-io.h. */

#include "ext/whep/http/random-io.h"

#include <openssl/rand.h>

static const gchar ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
#define ALPHABET_SIZE (sizeof (ALPHABET) - 1)

void
whep_random_bytes (void *bytes, gsize size)
{
  /* Without randomness there are no secrets: going on would be worse. */
  if (RAND_bytes (bytes, size) != 1)
    g_error ("The system has no random bytes.");
}

/* A byte beyond the last whole alphabet would favour the first characters. */
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

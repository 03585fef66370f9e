/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random text and bytes: see random-io.h. */

#include "ext/whep/http/random-io.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

static const gchar ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
#define ALPHABET_SIZE (sizeof (ALPHABET) - 1)
/* Enough for the longest text that a viewer needs, mostly. */
#define BATCH_SIZE 32

void
whep_random_bytes (void *bytes, gsize size)
{
  /* Continuing without randomness, and hence without secrets, would be
   * worse. */
  if (RAND_bytes (bytes, size) != 1)
    g_error ("The system does not provide random bytes.");
}

/* Bytes beyond the last complete alphabet are discarded, because they would
 * favour the first characters. Asking the source costs the same for one byte as
 * for a batch. */
void
whep_random_text (gchar *text, gsize length)
{
  guint8 batch[BATCH_SIZE];
  gsize n_left = 0, n_written = 0;

  while (n_written < length) {
    guint8 byte;

    if (n_left == 0) {
      whep_random_bytes (batch, sizeof (batch));
      n_left = sizeof (batch);
    }
    byte = batch[--n_left];
    if (byte < 256 / ALPHABET_SIZE * ALPHABET_SIZE)
      text[n_written++] = ALPHABET[byte % ALPHABET_SIZE];
  }
  text[length] = '\0';
  OPENSSL_cleanse (batch, sizeof (batch));
}

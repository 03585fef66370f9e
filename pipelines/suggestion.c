/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Suggests a name for a mistyped one: see suggestion.h. */

#include "pipelines/suggestion.h"

#include <string.h>

/* None of our names is longer. */
#define MAX_BYTES 64
/* One mistake is allowed per this many letters, and at least one. */
#define LETTERS_PER_SLIP 3

/* The number of letters to change, add, remove or swap with the next one: the
 * optimal string alignment distance. */
static guint
distance (const gchar *a, const gchar *b)
{
  guint d[MAX_BYTES + 1][MAX_BYTES + 1];
  gsize a_size = strlen (a), b_size = strlen (b);

  for (gsize i = 0; i <= a_size; i++)
    d[i][0] = i;
  for (gsize j = 0; j <= b_size; j++)
    d[0][j] = j;
  for (gsize i = 1; i <= a_size; i++) {
    for (gsize j = 1; j <= b_size; j++) {
      guint other = a[i - 1] != b[j - 1];

      d[i][j] =
          MIN (MIN (d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + other);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = MIN (d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a_size][b_size];
}

const gchar *
suggestion_for (const gchar *name, const gchar *const *names)
{
  const gchar *nearest = NULL;
  guint least;

  if (strlen (name) > MAX_BYTES)
    return NULL;
  least = MAX (1, strlen (name) / LETTERS_PER_SLIP) + 1;
  for (; *names != NULL; names++) {
    guint slips;

    if (strlen (*names) > MAX_BYTES)
      continue;
    slips = distance (name, *names);
    if (slips >= least)
      continue;
    least = slips;
    nearest = *names;
  }
  return nearest;
}

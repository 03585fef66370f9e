/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any body either sets numbers within their limits, or none and says why. */

#include "ext/whep/http/apibody.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *body = g_memdup2 (data, size);
  g_autofree gchar *detail = NULL;
  WhepApiNumber numbers[] = {
    { .name = "max_viewers", .min = 1, .max = 10000, .value = 7 },
    { .name = "deadline_s", .max = 86400, .value = 7 },
  };
  WhepProblemKind problem;
  gboolean is_valid = whep_api_body_parse (body, size, numbers,
      G_N_ELEMENTS (numbers), &problem, &detail);

  g_assert (is_valid == (detail == NULL));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const WhepApiNumber *number = &numbers[i];

    g_assert (number->is_set || number->value == 7);
    g_assert (number->value >= number->min && number->value <= number->max);
  }
  g_assert (is_valid || g_utf8_validate (detail, -1, NULL));
  return 0;
}

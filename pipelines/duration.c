/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations as users write them: see duration.h. */

#include "pipelines/duration.h"

#include <string.h>

#define NS_PER_S G_GUINT64_CONSTANT (1000000000)

/* In descending order. */
static const struct
{
  const gchar *name;
  guint64 ns;
} units[] = {
  { "d", 24 * 3600 * NS_PER_S },
  { "h", 3600 * NS_PER_S },
  { "min", 60 * NS_PER_S },
  { "s", NS_PER_S },
  { "ms", 1000000 },
};

/* Returns: 0 if the unit is unknown. */
static guint64
unit_ns (const gchar *name)
{
  if (*name == '\0')
    return NS_PER_S;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (units[i].name, name) == 0)
      return units[i].ns;
  return 0;
}

/* Parses the digits after the decimal point, as a fraction of @unit. */
static gboolean
read_fraction (const gchar **at, guint64 unit, guint64 *part_ns)
{
  *part_ns = 0;
  for (; g_ascii_isdigit (**at); (*at)++) {
    if (unit % 10 != 0)
      return FALSE;
    unit /= 10;
    *part_ns += unit * g_ascii_digit_value (**at);
  }
  return TRUE;
}

gboolean
duration_from_text (const gchar *text, guint64 *time_ns)
{
  gsize n_digits = strspn (text, "0123456789");
  gsize n_all = strspn (text, "0123456789.");
  guint64 unit = unit_ns (text + n_all);
  const gchar *at = text + n_digits;
  guint64 number = 0, part_ns = 0;

  if (n_digits == 0 || unit == 0)
    return FALSE;
  for (gsize i = 0; i < n_digits; i++)
    if (!g_uint64_checked_mul (&number, number, 10) ||
        !g_uint64_checked_add (&number, number, g_ascii_digit_value (text[i])))
      return FALSE;
  if (*at == '.') {
    at++;
    if (!g_ascii_isdigit (*at) || !read_fraction (&at, unit, &part_ns))
      return FALSE;
  }
  return at == text + n_all && g_uint64_checked_mul (&number, number, unit) &&
      g_uint64_checked_add (time_ns, number, part_ns);
}

gchar *
duration_to_text (guint64 time_ns)
{
  if (time_ns == 0)
    return g_strdup ("0s");
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (time_ns % units[i].ns == 0)
      return g_strdup_printf ("%" G_GUINT64_FORMAT "%s", time_ns / units[i].ns,
          units[i].name);
  return g_strdup_printf ("%" G_GUINT64_FORMAT "ns", time_ns);
}

gchar *
duration_to_clock (guint64 time_ns)
{
  guint64 seconds = time_ns / NS_PER_S;

  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%02u:%02u", seconds / 3600,
      (guint) (seconds / 60 % 60), (guint) (seconds % 60));
}

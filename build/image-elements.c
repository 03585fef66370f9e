/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the elements that rtmpwebrtcsink makes its chains of on this system,
 * and those that are named in .launch files: each with the file of its plugin.
 *
 *     image-elements [FILE.launch …]
 *
 * Fails if an element is missing. */

#include "gst/flv/gstrtmplivedemux.h"
#include "gst/live/gstalternatives.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gststill.h"

#include <stdlib.h>

static void
print_factory (GstElementFactory *factory)
{
  g_autoptr (GstPlugin) plugin =
      gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (factory));
  const gchar *file = plugin != NULL ? gst_plugin_get_filename (plugin) : NULL;

  /* Bins and pipelines are no plugin's. */
  if (file != NULL)
    g_print ("%s %s\n", GST_OBJECT_NAME (factory), file);
}

static void
print_element (const GValue *item, gpointer unused)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);

  /* Parts of our own elements have none. */
  if (factory != NULL)
    print_factory (factory);
}

static void
print_chain (GstElement *chain, GError *error)
{
  GstIterator *elements;

  if (chain == NULL) {
    g_printerr ("%s\n",
        error != NULL ? error->message : "an element is missing");
    exit (1);
  }
  gst_object_ref_sink (chain);
  if (GST_IS_BIN (chain)) {
    elements = gst_bin_iterate_recurse (GST_BIN (chain));
    gst_iterator_foreach (elements, print_element, NULL);
    gst_iterator_free (elements);
  } else {
    print_factory (gst_element_get_factory (chain));
  }
  gst_object_unref (chain);
}

static void
print_recipes (void)
{
  g_autoptr (GError) error = NULL;
  const GstRecipe *recipe;

  for (guint i = 0; (recipe = gst_recipe_at (i)) != NULL; i++) {
    print_chain (gst_recipe_make (recipe, NULL, &error), error);
    if (recipe->decoder != NULL)
      print_chain (gst_recipe_make_rendition (recipe, NULL, &error), error);
  }
  print_chain (gst_recipe_make_transcoder (NULL, &error), error);
}

static void
print_parsers (void)
{
  g_autoptr (GError) error = NULL;
  const gchar *chain;

  for (guint i = 0; (chain = gst_rtmp_live_demux_chain_at (i)) != NULL; i++)
    print_chain (gst_parse_bin_from_description_full (chain, FALSE, NULL,
                     GST_PARSE_FLAG_FATAL_ERRORS, &error),
        error);
}

static void
print_stills (void)
{
  g_autoptr (GError) error = NULL;
  const gchar *description;

  for (guint i = 0; (description = gst_still_chain_at (i)) != NULL; i++) {
    g_autofree gchar *chain =
        gst_alternatives_fill_in (description, NULL, &error);

    print_chain (chain == NULL
            ? NULL
            : gst_parse_bin_from_description_full (chain, FALSE, NULL,
                  GST_PARSE_FLAG_FATAL_ERRORS, &error),
        error);
  }
}

/* In a .launch file an element's name stands for itself; what is no element's
 * name is a property or a link. */
static void
print_words (const gchar *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error)) {
    g_printerr ("%s\n", error->message);
    exit (1);
  }
  lines = g_strsplit (text, "\n", 0);
  for (gchar **line = lines; *line != NULL; line++) {
    g_auto (GStrv) words = g_strsplit (g_strstrip (*line), " ", 0);

    for (gchar **word = words; *word != NULL && **line != '#'; word++) {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (*word);

      if (factory != NULL)
        print_factory (factory);
    }
  }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  print_recipes ();
  print_parsers ();
  print_stills ();
  for (gint i = 1; i < argc; i++)
    print_words (argv[i]);
  return 0;
}

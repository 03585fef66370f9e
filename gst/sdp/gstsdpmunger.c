/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-sdpmunger
 * @title: sdpmunger
 * @short_description: makes a description fit for a browser
 *
 * SDP text in, SDP text out, changed where a browser needs it and nowhere else.
 * An element message "sdp-munged" and the property #sdpmunger:last-report tell
 * which rules fired and why.
 *
 * Applications that have no pipeline for it call the action signal
 * #sdpmunger::munge.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 -q filesrc location=answer.sdp ! sdpmunger browser=safari ! \
 *     fdsink
 * ]|
 */

#include "gst/sdp/gstsdpmunger.h"
#include "gst/sdp/browser.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (gst_sdp_munger_debug);
#define GST_CAT_DEFAULT gst_sdp_munger_debug

/**
 * GstSdpMungerBrowser:
 * @GST_SDP_MUNGER_AUTO: by what the description says, or else the user agent
 * @GST_SDP_MUNGER_GENERIC: only what is right for all
 * @GST_SDP_MUNGER_CHROME: Chrome, Edge and their kin
 * @GST_SDP_MUNGER_FIREFOX: Firefox
 * @GST_SDP_MUNGER_SAFARI: Safari
 *
 * Whom a description is for.
 */
typedef enum
{
  GST_SDP_MUNGER_AUTO,
  GST_SDP_MUNGER_GENERIC,
  GST_SDP_MUNGER_CHROME,
  GST_SDP_MUNGER_FIREFOX,
  GST_SDP_MUNGER_SAFARI,
} GstSdpMungerBrowser;

struct _GstSdpMunger
{
  GstElement parent;

  GstPad *sink;
  GstPad *src;

  /* Properties; object lock. */
  GstSdpMungerBrowser browser;
  gchar *user_agent;
  gchar *last_report;

  /* Of the streaming thread. */
  GString *text;
};

enum
{
  PROP_0,
  PROP_BROWSER,
  PROP_USER_AGENT,
  PROP_LAST_REPORT,
};

enum
{
  SIGNAL_MUNGE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/sdp"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/sdp"));

G_DEFINE_TYPE (GstSdpMunger, gst_sdp_munger, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (sdpmunger, "sdpmunger", GST_RANK_NONE,
    GST_TYPE_SDP_MUNGER);

#define GST_TYPE_SDP_MUNGER_BROWSER (gst_sdp_munger_browser_get_type ())
static GType
gst_sdp_munger_browser_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_SDP_MUNGER_AUTO, "As the description or the user agent says",
        "auto" },
    { GST_SDP_MUNGER_GENERIC, "Only what is right for all", "generic" },
    { GST_SDP_MUNGER_CHROME, "Chrome, Edge and their kin", "chrome" },
    { GST_SDP_MUNGER_FIREFOX, "Firefox", "firefox" },
    { GST_SDP_MUNGER_SAFARI, "Safari", "safari" },
    { 0 },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstSdpMungerBrowser", values));
  return type;
}

static SdpBrowser
browser_for (GstSdpMunger *self, const gchar *sdp)
{
  g_autofree gchar *user_agent = NULL;
  GstSdpMungerBrowser browser;

  GST_OBJECT_LOCK (self);
  browser = self->browser;
  user_agent = g_strdup (self->user_agent);
  GST_OBJECT_UNLOCK (self);

  switch (browser) {
    case GST_SDP_MUNGER_AUTO:
      return sdp_browser_detect (sdp, user_agent);
    case GST_SDP_MUNGER_GENERIC:
      return SDP_BROWSER_GENERIC;
    case GST_SDP_MUNGER_CHROME:
      return SDP_BROWSER_CHROME;
    case GST_SDP_MUNGER_FIREFOX:
      return SDP_BROWSER_FIREFOX;
    case GST_SDP_MUNGER_SAFARI:
      return SDP_BROWSER_SAFARI;
  }
  g_assert_not_reached ();
}

/* A line a rule: "NAME, N lines: why". */
static gchar *
words_of (const GArray *reports)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < reports->len; i++) {
    const SdpRuleReport *report = &g_array_index (reports, SdpRuleReport, i);

    g_string_append_printf (words, "%s%s, %u lines: %s", i > 0 ? "\n" : "",
        report->rule->name, report->n_lines, report->rule->why);
  }
  return g_string_free (words, FALSE);
}

static void
tell (GstSdpMunger *self, const GArray *reports)
{
  g_autofree gchar *words = words_of (reports);

  GST_INFO_OBJECT (self, "%u rules fired: %s", reports->len, words);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("sdp-munged", "n-rules", G_TYPE_UINT, reports->len,
              "report", G_TYPE_STRING, words, NULL)));
  GST_OBJECT_LOCK (self);
  g_free (self->last_report);
  self->last_report = g_steal_pointer (&words);
  GST_OBJECT_UNLOCK (self);
  g_object_notify (G_OBJECT (self), "last-report");
}

static gchar *
munge (GstSdpMunger *self, const gchar *sdp, GError **error)
{
  g_autoptr (GArray) reports =
      g_array_new (FALSE, FALSE, sizeof (SdpRuleReport));
  gchar *munged =
      sdp_browser_munge (sdp, browser_for (self, sdp), reports, error);

  if (munged != NULL)
    tell (self, reports);
  return munged;
}

/* The class handler of the action signal. */
static gchar *
gst_sdp_munger_munge (GstSdpMunger *self, const gchar *sdp)
{
  g_autoptr (GError) error = NULL;
  gchar *munged = munge (self, sdp, &error);

  if (munged == NULL)
    GST_WARNING_OBJECT (self, "%s", error->message);
  return munged;
}

static void
push_caps (GstSdpMunger *self)
{
  g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (&src_template);

  gst_pad_push_event (self->src, gst_event_new_caps (caps));
}

/* The whole description is there. */
static gboolean
push_munged (GstSdpMunger *self)
{
  g_autoptr (GError) error = NULL;
  gchar *munged = munge (self, self->text->str, &error);

  g_string_truncate (self->text, 0);
  if (munged == NULL) {
    GST_ELEMENT_ERROR (self, STREAM, DECODE,
        ("This is no session description."), ("%s", error->message));
    return FALSE;
  }
  return gst_pad_push (self->src,
             gst_buffer_new_wrapped (munged, strlen (munged))) == GST_FLOW_OK;
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstSdpMunger *self = GST_SDP_MUNGER (parent);
  gsize size = gst_buffer_get_size (buffer);
  gboolean is_text = self->text->len + size <= SDP_MUNGE_MAX_BYTES;
  GstMapInfo map;

  if (is_text && gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    is_text = memchr (map.data, '\0', map.size) == NULL;
    g_string_append_len (self->text, (gchar *) map.data, map.size);
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  if (is_text)
    return GST_FLOW_OK;
  g_string_truncate (self->text, 0);
  GST_ELEMENT_ERROR (self, STREAM, DECODE, ("This is no session description."),
      ("It has a NUL byte, or more than %u bytes.", SDP_MUNGE_MAX_BYTES));
  return GST_FLOW_ERROR;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstSdpMunger *self = GST_SDP_MUNGER (parent);

  switch ((gint) GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      /* Ours come with the segment, which a file has, too. */
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_SEGMENT:
      push_caps (self);
      break;
    case GST_EVENT_FLUSH_STOP:
      g_string_truncate (self->text, 0);
      break;
    case GST_EVENT_EOS:
      if (self->text->len > 0)
        push_munged (self);
      break;
  }
  return gst_pad_event_default (pad, parent, event);
}

static GstStateChangeReturn
gst_sdp_munger_change_state (GstElement *element, GstStateChange transition)
{
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_sdp_munger_parent_class)
                                    ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    g_string_truncate (GST_SDP_MUNGER (element)->text, 0);
  return result;
}

static void
gst_sdp_munger_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_BROWSER:
      self->browser = g_value_get_enum (value);
      break;
    case PROP_USER_AGENT:
      g_free (self->user_agent);
      self->user_agent = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_sdp_munger_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_BROWSER:
      g_value_set_enum (value, self->browser);
      break;
    case PROP_USER_AGENT:
      g_value_set_string (value, self->user_agent);
      break;
    case PROP_LAST_REPORT:
      g_value_set_string (value, self->last_report);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_sdp_munger_finalize (GObject *object)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);

  g_free (self->user_agent);
  g_free (self->last_report);
  g_string_free (self->text, TRUE);
  G_OBJECT_CLASS (gst_sdp_munger_parent_class)->finalize (object);
}

static void
gst_sdp_munger_init (GstSdpMunger *self)
{
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_buffer);
  gst_pad_set_event_function (self->sink, on_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_use_fixed_caps (self->src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
  self->text = g_string_new (NULL);
}

static void
install_properties (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_BROWSER,
      g_param_spec_enum ("browser", "Browser", "Whom the description is for",
          GST_TYPE_SDP_MUNGER_BROWSER, GST_SDP_MUNGER_AUTO,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_USER_AGENT,
      g_param_spec_string ("user-agent", "User agent",
          "What the browser's requests say that it is; asked only where the "
          "description itself doesn't tell",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_LAST_REPORT,
      g_param_spec_string ("last-report", "Last report",
          "Which rules changed the last description, on how many lines, and "
          "why: a line each",
          NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gst_sdp_munger_class_init (GstSdpMungerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_sdp_munger_debug, "sdpmunger", 0,
      "SDP made fit for a browser");
  object_class->set_property = gst_sdp_munger_set_property;
  object_class->get_property = gst_sdp_munger_get_property;
  object_class->finalize = gst_sdp_munger_finalize;
  install_properties (object_class);

  /**
   * GstSdpMunger::munge:
   * @self: the element
   * @sdp: a description
   *
   * Does with @sdp what the element does with a stream of it.
   *
   * Returns: (transfer full) (nullable): the description as the browser needs
   * it, NULL if @sdp is none; the log says why.
   */
  signals[SIGNAL_MUNGE] = g_signal_new_class_handler ("munge",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_sdp_munger_munge), NULL, NULL, NULL, G_TYPE_STRING, 1,
      G_TYPE_STRING);

  element_class->change_state = gst_sdp_munger_change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "SDP munger",
      "Filter/Network",
      "Makes a session description fit for a browser, and tells what it "
      "changed",
      "The gst-rtmp-webrtc developers");
  gst_type_mark_as_plugin_api (GST_TYPE_SDP_MUNGER_BROWSER, 0);
}

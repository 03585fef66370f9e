/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-sdpmunger
 * @title: sdpmunger
 * @short_description: Adapts a session description to a browser
 *
 * Adapts SDP text to a browser and changes nothing else. The rules are those
 * that #whepsink applies to its answers. An element message "sdp-munged" and
 * the property #GstSdpMunger:last-report list those that fired, with reasons.
 * Text that is not SDP causes an error that names the line.
 *
 * Applications without a pipeline can call #GstSdpMunger::munge, and servers
 * #GstSdpMunger::answer, which returns the answer to an offer.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 -q filesrc location=offer.sdp ! sdpmunger browser=safari ! \
 *     fdsink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/sdp/gstsdpmunger.h"
#include "gst/sdp/answer.h"
#include "gst/sdp/document.h"
#include "gst/sdp/gstanswerparams.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (gst_sdp_munger_debug);
#define GST_CAT_DEFAULT gst_sdp_munger_debug

/**
 * GstSdpMungerBrowser:
 * @GST_SDP_MUNGER_AUTO: identified by the description, or else the user agent
 * @GST_SDP_MUNGER_GENERIC: only the rules for all browsers
 * @GST_SDP_MUNGER_CHROME: Chrome, Edge and other Chromium-based browsers
 * @GST_SDP_MUNGER_FIREFOX: Firefox
 * @GST_SDP_MUNGER_SAFARI: Safari
 *
 * The browser that a description is for.
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

  /* Properties; guarded by the object lock. */
  GstSdpMungerBrowser browser;
  gchar *user_agent;
  gchar *profile_level_id;
  gchar *force_profile_level_id;
  gchar *skip_rules;
  gchar *last_report;
  gchar *last_error;

  /* Owned by the streaming thread. */
  GString *text;
};

enum
{
  PROP_0,
  PROP_BROWSER,
  PROP_USER_AGENT,
  PROP_PROFILE_LEVEL_ID,
  PROP_FORCE_PROFILE_LEVEL_ID,
  PROP_SKIP_RULES,
  PROP_LAST_REPORT,
  PROP_LAST_ERROR,
};

enum
{
  SIGNAL_MUNGE,
  SIGNAL_ANSWER,
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
    { GST_SDP_MUNGER_AUTO, "Identified by the description or the user agent",
        "auto" },
    { GST_SDP_MUNGER_GENERIC, "Only the rules for all browsers", "generic" },
    { GST_SDP_MUNGER_CHROME, "Chrome, Edge and other Chromium-based browsers",
        "chrome" },
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

/* A copy of the properties. */
typedef struct
{
  GstSdpMungerBrowser browser;
  gchar *user_agent, *profile_level_id, *force_profile_level_id, *skip_rules;
} Settings;

static void
settings_init (Settings *self, GstSdpMunger *munger)
{
  GST_OBJECT_LOCK (munger);
  *self = (Settings){
    .browser = munger->browser,
    .user_agent = g_strdup (munger->user_agent),
    .profile_level_id = g_strdup (munger->profile_level_id),
    .force_profile_level_id = g_strdup (munger->force_profile_level_id),
    .skip_rules = g_strdup (munger->skip_rules),
  };
  GST_OBJECT_UNLOCK (munger);
}

static void
settings_clear (Settings *self)
{
  g_free (self->user_agent);
  g_free (self->profile_level_id);
  g_free (self->force_profile_level_id);
  g_free (self->skip_rules);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Settings, settings_clear)

static SdpBrowser
browser_for (const Settings *settings, const gchar *sdp)
{
  switch (settings->browser) {
    case GST_SDP_MUNGER_AUTO:
      return sdp_browser_detect (sdp, settings->user_agent);
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

/* Sets the properties last-report and last-error; both may be NULL. */
static void
set_results (GstSdpMunger *self, const gchar *report, const gchar *error)
{
  GST_OBJECT_LOCK (self);
  g_free (self->last_report);
  self->last_report = g_strdup (report);
  g_free (self->last_error);
  self->last_error = g_strdup (error);
  GST_OBJECT_UNLOCK (self);
  g_object_notify (G_OBJECT (self), "last-report");
  g_object_notify (G_OBJECT (self), "last-error");
}

static void
report_success (GstSdpMunger *self, const SdpReport *report)
{
  g_autofree gchar *text = sdp_report_to_text (report);

  GST_INFO_OBJECT (self, "%u rules fired: %s", sdp_report_count (report), text);
  set_results (self, text, NULL);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("sdp-munged", "n-rules", G_TYPE_UINT,
              sdp_report_count (report), "report", G_TYPE_STRING, text, NULL)));
}

/* SDP errors have a stable name and a title; an error in the facts is the
 * application's own. */
static void
report_error (GstSdpMunger *self, const GError *error)
{
  gboolean is_sdp = error->domain == SDP_ERROR;
  const gchar *type = is_sdp ? sdp_error_type (error->code)->type : "facts";
  const gchar *title =
      is_sdp ? sdp_error_type (error->code)->title : "The facts are incomplete";
  g_autofree gchar *text = g_strdup_printf ("%s: %s", type, error->message);

  GST_WARNING_OBJECT (self, "%s", text);
  set_results (self, NULL, text);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("sdp-refused", "type", G_TYPE_STRING, type,
              "title", G_TYPE_STRING, title, "detail", G_TYPE_STRING,
              error->message, NULL)));
}

static gchar *
munge (GstSdpMunger *self, const gchar *sdp, GError **error)
{
  g_auto (Settings) settings = { 0 };
  SdpMunging munging = { 0 };
  SdpReport report;
  gchar *munged;

  settings_init (&settings, self);
  munging.browser = browser_for (&settings, sdp);
  munging.skipped = settings.skip_rules;
  if (!gst_answer_params_read_profile (settings.profile_level_id,
          &munging.profile_level_id, error) ||
      !gst_answer_params_read_profile (settings.force_profile_level_id,
          &munging.forced_profile_level_id, error))
    return NULL;
  munged = sdp_browser_munge (sdp, &munging, &report, error);
  if (munged != NULL)
    report_success (self, &report);
  return munged;
}

/* Class handler of the action signal. */
static gchar *
gst_sdp_munger_munge (GstSdpMunger *self, const gchar *sdp)
{
  g_autoptr (GError) error = NULL;
  gchar *munged = munge (self, sdp, &error);

  if (munged == NULL)
    report_error (self, error);
  return munged;
}

static SdpAnswer *
answer (GstSdpMunger *self, const gchar *sdp, const GstStructure *structure,
    GError **error)
{
  g_autoptr (SdpOffer) offer = sdp_offer_parse (sdp, strlen (sdp), error);
  g_auto (GstAnswerParams) facts = { 0 };
  g_auto (Settings) settings = { 0 };

  settings_init (&settings, self);
  if (offer == NULL || !gst_answer_params_init (&facts, structure, error))
    return NULL;
  if (facts.params.video.profile_level_id == 0 &&
      !gst_answer_params_read_profile (settings.profile_level_id,
          &facts.params.video.profile_level_id, error))
    return NULL;
  facts.params.user_agent = settings.user_agent;
  return sdp_answer_new (offer, &facts.params, error);
}

/* Class handler of the action signal. */
static gchar *
gst_sdp_munger_answer (GstSdpMunger *self, const gchar *sdp,
    const GstStructure *facts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SdpAnswer) answered = answer (self, sdp, facts, &error);

  if (answered == NULL) {
    report_error (self, error);
    return NULL;
  }
  report_success (self, &answered->report);
  return g_steal_pointer (&answered->text);
}

static void
push_caps (GstSdpMunger *self)
{
  g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (&src_template);

  gst_pad_push_event (self->src, gst_event_new_caps (caps));
}

/* Called when the description is complete. */
static gboolean
push_munged (GstSdpMunger *self)
{
  g_autoptr (GError) error = NULL;
  gchar *munged = munge (self, self->text->str, &error);

  g_string_truncate (self->text, 0);
  if (munged == NULL) {
    set_results (self, NULL, error->message);
    GST_ELEMENT_ERROR (self, STREAM, DECODE,
        ("This is not a valid session description. %s", error->message),
        (NULL));
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
  gboolean is_text = self->text->len + size <= SDP_DOCUMENT_MAX_BYTES;
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
  GST_ELEMENT_ERROR (self, STREAM, DECODE,
      ("This is not a session description."),
      ("It contains a NUL byte, or more than %u bytes.",
          SDP_DOCUMENT_MAX_BYTES));
  return GST_FLOW_ERROR;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstSdpMunger *self = GST_SDP_MUNGER (parent);

  switch ((gint) GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      /* Pushed with the segment instead, which file sources send as well. */
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_SEGMENT:
      push_caps (self);
      break;
    case GST_EVENT_FLUSH_STOP:
      g_string_truncate (self->text, 0);
      break;
    case GST_EVENT_EOS:
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

/* The string properties. */
static const struct
{
  guint id;
  gsize at; /* in GstSdpMunger */
  const gchar *name, *nick, *blurb;
  GParamFlags flags;
} texts[] = {
  { PROP_USER_AGENT, G_STRUCT_OFFSET (GstSdpMunger, user_agent), "user-agent",
      "User agent",
      "The User-Agent of the browser's requests. Used with browser=auto, and "
      "only if the description does not identify the browser",
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING },
  { PROP_PROFILE_LEVEL_ID, G_STRUCT_OFFSET (GstSdpMunger, profile_level_id),
      "profile-level-id", "Profile of the H.264 source",
      "Profile, constraint flags and level in the SPS of the stream, as six "
      "hex digits (640028). Offers get the nearest profile-level-id that "
      "the browser has, and answers the nearest offered payload type. If "
      "unset, the one in the description",
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING },
  { PROP_FORCE_PROFILE_LEVEL_ID,
      G_STRUCT_OFFSET (GstSdpMunger, force_profile_level_id),
      "force-profile-level-id", "Forced H.264 profile-level-id",
      "The profile-level-id to use for every H.264 format, as six hex digits "
      "(42e01f), for a player that insists on it; for munge and pipelines, not "
      "for answer. If unset, according to the rules",
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING },
  { PROP_SKIP_RULES, G_STRUCT_OFFSET (GstSdpMunger, skip_rules), "skip-rules",
      "Rules to skip",
      "Comma-separated names of rules that are not applied, as in last-report "
      "(stereo,no-sprop); for munge and pipelines, not for answer",
      G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING },
  { PROP_LAST_REPORT, G_STRUCT_OFFSET (GstSdpMunger, last_report),
      "last-report", "Last report",
      "Which rules changed the last description, on how many lines, and why: "
      "one line per rule; empty if none did, null after an error",
      G_PARAM_READABLE },
  { PROP_LAST_ERROR, G_STRUCT_OFFSET (GstSdpMunger, last_error), "last-error",
      "Last error",
      "Why the last description could not be munged or answered: a stable "
      "name, a colon, a sentence. Null after a success",
      G_PARAM_READABLE },
};

/* Returns: (nullable): the property's storage. */
static gchar **
text_of (GstSdpMunger *self, guint id)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (texts[i].id == id)
      return G_STRUCT_MEMBER_P (self, texts[i].at);
  }
  return NULL;
}

static void
gst_sdp_munger_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);
  gchar **text = text_of (self, id);

  GST_OBJECT_LOCK (self);
  if (id == PROP_BROWSER) {
    self->browser = g_value_get_enum (value);
  } else if (text != NULL) {
    g_free (*text);
    *text = g_value_dup_string (value);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_sdp_munger_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);
  gchar **text = text_of (self, id);

  GST_OBJECT_LOCK (self);
  if (id == PROP_BROWSER)
    g_value_set_enum (value, self->browser);
  else if (text != NULL)
    g_value_set_string (value, *text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_sdp_munger_finalize (GObject *object)
{
  GstSdpMunger *self = GST_SDP_MUNGER (object);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (gchar *, self, texts[i].at));
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
      g_param_spec_enum ("browser", "Browser",
          "The browser that the description is for. With auto it is the "
          "browser that wrote it, if it can be identified",
          GST_TYPE_SDP_MUNGER_BROWSER, GST_SDP_MUNGER_AUTO,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_object_class_install_property (klass, texts[i].id,
        g_param_spec_string (texts[i].name, texts[i].nick, texts[i].blurb, NULL,
            texts[i].flags | G_PARAM_STATIC_STRINGS));
}

static void
install_signals (GstSdpMungerClass *klass)
{
  /**
   * GstSdpMunger::munge:
   * @self: the element
   * @sdp: a description
   *
   * Adapts @sdp as the element does with its input.
   *
   * Returns: (transfer full) (nullable): the adapted description, NULL if @sdp
   * is not a description; #GstSdpMunger:last-error and an element message
   * "sdp-refused" give the reason.
   *
   * Since: 0.1
   */
  signals[SIGNAL_MUNGE] = g_signal_new_class_handler ("munge",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_sdp_munger_munge), NULL, NULL, NULL, G_TYPE_STRING, 1,
      G_TYPE_STRING);

  /**
   * GstSdpMunger::answer:
   * @self: the element
   * @offer: a browser's offer
   * @facts: properties of the stream and the server
   *
   * Answers @offer as #whepsink does: ICE-lite, passive, sending only. The
   * browser is identified by its offer, or else by
   * #GstSdpMunger:user-agent. The fields of @facts:
   *
   * - `ice-ufrag`, `ice-pwd`, `fingerprint` (of SHA-256, "AB:CD:…"): text
   * - `video-ssrc`, `audio-ssrc`, and `video-rtx-ssrc` for retransmissions in a
   *   format of their own: guint
   * - `video`, `audio`: the codecs of the stream, as in a=rtpmap, in capitals;
   *   H264 and OPUS if missing
   * - `profile-level-id`: the property's if missing
   * - `addresses` (separated by spaces) and `port`, guint: the candidates
   * - `cname`, `stream-id`: "stream" if missing
   * - `session-id`: guint64, 0 if missing
   *
   * Returns: (transfer full) (nullable): the answer, NULL if @offer can't be
   * answered; #GstSdpMunger:last-error and an element message "sdp-refused"
   * with `type`, `title` and `detail` give the reason.
   *
   * Since: 0.1
   */
  signals[SIGNAL_ANSWER] = g_signal_new_class_handler ("answer",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (gst_sdp_munger_answer), NULL, NULL, NULL, G_TYPE_STRING, 2,
      G_TYPE_STRING, GST_TYPE_STRUCTURE);
}

static void
gst_sdp_munger_class_init (GstSdpMungerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_sdp_munger_debug, "sdpmunger", 0,
      "SDP adapted to browsers");
  object_class->set_property = gst_sdp_munger_set_property;
  object_class->get_property = gst_sdp_munger_get_property;
  object_class->finalize = gst_sdp_munger_finalize;
  install_properties (object_class);

  install_signals (klass);

  element_class->change_state = gst_sdp_munger_change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "SDP munger",
      "Filter/Network/WebRTC",
      "Adapts a session description to a browser, and reports what it changed",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_SDP_MUNGER_BROWSER, 0);
}

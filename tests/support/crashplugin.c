/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crashdec: a decoder that writes where it must not, at the first frame. */

#include <gst/gst.h>

#include <signal.h>

GType crash_dec_get_type (void);

typedef struct
{
  GstElement parent;
} CrashDec;

typedef struct
{
  GstElementClass parent_class;
} CrashDecClass;

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw"));

G_DEFINE_TYPE (CrashDec, crash_dec, GST_TYPE_ELEMENT);

static GstFlowReturn
on_frame (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  raise (SIGSEGV);
  return GST_FLOW_OK;
}

static void
crash_dec_init (CrashDec *self)
{
  GstPad *sink = gst_pad_new_from_static_template (&sink_template, "sink");

  gst_pad_set_chain_function (sink, on_frame);
  gst_element_add_pad (GST_ELEMENT (self), sink);
  gst_element_add_pad (GST_ELEMENT (self),
      gst_pad_new_from_static_template (&src_template, "src"));
}

static void
crash_dec_class_init (CrashDecClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Crash",
      "Codec/Decoder/Video", "Crashes", "Test");
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  return gst_element_register (plugin, "crashdec", GST_RANK_NONE,
      crash_dec_get_type ());
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, rtmpwebrtccrash,
    "Crashes", plugin_init, PACKAGE_VERSION, "LGPL", PACKAGE, PACKAGE_ORIGIN)

# SPDX-License-Identifier: LGPL-2.1-or-later
# Where the parts are, for the scripts beside it: the controller, the .launch
# files and the plugin, of a build or as installed. Expects $here, the folder of
# the script.
# shellcheck shell=sh

top=$(cd "$here/.." && pwd)
launch_files=$top/share/rtmp-webrtc
[ -e "$launch_files/gateway.launch" ] || launch_files=$here

# A build's, unless this is an installed script.
controller=$here/rtmp-webrtc-controller
[ -x "$controller" ] ||
  controller=${BUILD:-$top/_build}/pipelines/rtmp-webrtc-controller
if [ ! -x "$controller" ]; then
  echo "$(basename "$0"): no $controller; make build, or say BUILD=FOLDER" >&2
  exit 1
fi

# An installed plugin may lie where GStreamer does not look.
for folder in "${BUILD:-$top/_build}" "$top"/lib/gstreamer-1.0 \
    "$top"/lib64/gstreamer-1.0 "$top"/lib/*/gstreamer-1.0; do
  if [ -e "$folder/libgstrtmpwebrtc.so" ]; then
    folder=$(cd "$folder" && pwd)
    export GST_PLUGIN_PATH="$folder${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}"
    break
  fi
done

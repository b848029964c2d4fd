"""An RTSP camera on this machine: a clock that counts, as JPEG, at a rate. Needs GStreamer's RTSP server by python3-gi.

    /usr/bin/python3 test/line/rtsp_server.py PORT [FRAMES_PER_SECOND]
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
rate = sys.argv[2] if len(sys.argv) > 2 else "10"
factory.set_launch(
    f"( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=160,height=120,framerate={rate}/1 ! jpegenc ! rtpjpegpay name=pay0 )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/camera", factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()

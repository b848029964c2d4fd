/**
 * The program that drives a camera by Aravis: Python, since no package of npm speaks GenICam, and GStreamer's aravissrc keeps the numbers of frames,
 * their faults and packed pixels to itself. It takes settings as JSON; `t` and a line feed on its input is a software trigger, the end of its input
 * ends it. For each frame it writes a line of JSON and the bytes.
 */
export const GENICAM_PROGRAM = String.raw`
import json, os, signal, sys, threading, time
import gi
gi.require_version("Aravis", "0.8")
from gi.repository import Aravis, GLib

settings = json.loads(sys.argv[1])
over = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: over.set())
out = sys.stdout.buffer

def fail(why):
    print(why, file=sys.stderr, flush=True)
    os._exit(1)

try:
    camera = Aravis.Camera.new(settings["camera"] or None)
    device = camera.get_device()
    if camera.is_gv_device():
        # its own sockets need no right, and work on loopback
        camera.gv_set_stream_options(Aravis.GvStreamOption.PACKET_SOCKET_DISABLED)
    if settings["check"]:
        print("%s %s %s, %s" % (camera.get_vendor_name(), camera.get_model_name(), camera.get_device_serial_number(), ", ".join(camera.dup_available_pixel_formats_as_strings())))
        sys.exit(0)
    if settings["pixelFormat"]:
        camera.set_pixel_format_from_string(settings["pixelFormat"])
    if settings["frameRate"] > 0:
        camera.set_frame_rate(settings["frameRate"])
    if settings["exposureMicros"] > 0:
        camera.set_exposure_time(settings["exposureMicros"])
    if settings["gain"] >= 0:
        camera.set_gain(settings["gain"])
    if settings["triggerSource"]:
        camera.set_trigger(settings["triggerSource"])
    else:
        camera.clear_triggers()
    stream = camera.create_stream(None, None)
    if camera.is_gv_device():
        stream.set_property("socket-buffer", Aravis.GvStreamSocketBuffer.FIXED)
        stream.set_property("socket-buffer-size", int(settings["bufferMegabytes"] * 1e6))
    payload = camera.get_payload()
    if payload > settings["mostBytes"]:
        fail("a frame has %d bytes; legal are up to %d: set the camera to a smaller size" % (payload, settings["mostBytes"]))
    for _ in range(8):
        stream.push_buffer(Aravis.Buffer.new_allocate(payload))
    device.connect("control-lost", lambda *_: fail("control of the camera was lost"))
    camera.start_acquisition()
except GLib.Error as error:
    fail(error.message)

def listen():
    for line in sys.stdin:
        try:
            camera.software_trigger()
        except GLib.Error as error:
            print("the trigger failed: " + error.message, file=sys.stderr, flush=True)
    over.set()

threading.Thread(target=listen, daemon=True).start()

def read(get):
    try:
        return get()
    except GLib.Error:
        return None

about = {}
read_at = 0
try:
    while not over.is_set():
        buffer = stream.timeout_pop_buffer(100000)
        if buffer is None:
            continue
        if time.monotonic() - read_at > 1:
            about = {"exposure": read(camera.get_exposure_time), "gain": read(camera.get_gain)}
            read_at = time.monotonic()
        head = {"id": buffer.get_frame_id(), "stamp": buffer.get_timestamp() / 1e6, "status": buffer.get_status().value_nick, **about}
        data = b""
        if buffer.get_status() == Aravis.BufferStatus.SUCCESS:
            data = buffer.get_image_data()
            head.update(width=buffer.get_image_width(), height=buffer.get_image_height(), format=buffer.get_image_pixel_format())
        head["length"] = len(data)
        out.write(json.dumps(head).encode() + b"\n")
        out.write(data)
        out.flush()
        stream.push_buffer(buffer)
except BrokenPipeError:
    pass
try:
    camera.stop_acquisition()
except GLib.Error:
    pass
# without this the camera would be held until its heartbeat ends
del stream
del device
del camera
os._exit(0)
`;

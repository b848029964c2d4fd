"""Inspects a part by the client that openapi-python-client made; python.sh runs it."""

import sys
from io import BytesIO

from felfri_station_client import AuthenticatedClient
from felfri_station_client.api.inspections import get_inspection_map, inspect
from felfri_station_client.models import ErrorBody, Inspection, InspectFilesBody
from felfri_station_client.types import File

address, token, picture = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)
image = open(picture, "rb").read()

form = InspectFilesBody(image=File(payload=BytesIO(image), file_name="part.png"), part="ring 1")
by_form = inspect.sync(client=client, body=form)
assert isinstance(by_form, Inspection) and (by_form.part, by_form.decision) == ("ring 1", "NG"), by_form

by_file = inspect.sync(client=client, body=File(payload=BytesIO(image)), part="ring 2", result_id="r-2")
assert isinstance(by_file, Inspection) and by_file.part == "ring 2", by_file
again = inspect.sync(client=client, body=File(payload=BytesIO(image)), part="ring 2", result_id="r-2")
assert again == by_file, again

refused = inspect.sync(client=client, body=File(payload=BytesIO(b"no image")))
assert isinstance(refused, ErrorBody) and refused.code == "IMAGE_FORMAT", refused

drawn = get_inspection_map.sync(id=by_form.id, client=client)
assert isinstance(drawn, File) and drawn.payload.read(4) == b"\x89PNG", drawn
print(f"inspected by a form and by a file: {by_form.decision}; sent again: the same record; map: PNG")

"""Makes events.golden with TensorBoard's own protocol buffers and record writer.

    pip install tensorboard==2.21.0
    python make_events.py
"""
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.summary.writer.record_writer import RecordWriter


def scalar(wall_time, step, tag, value):
    return Event(wall_time=wall_time, step=step,
                 summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)]))


def text(wall_time, step, tag, words):
    tensor = TensorProto(dtype="DT_STRING", string_val=[words.encode()],
                         tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)]))
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    return Event(wall_time=wall_time, step=step,
                 summary=Summary(value=[Summary.Value(tag=tag, tensor=tensor, metadata=metadata)]))


events = [
    Event(wall_time=1700000000.25, file_version="brain.Event:2"),
    scalar(1700000001.5, 1, "loss", 0.1),
    scalar(1700000002.5, 300, "reward/mean é", -1e30),
    scalar(1700000003.5, 2**40, "odd", float("inf")),
    scalar(1700000004.5, 0, "zero", 0.5),
    text(1700000005.5, 7, "sample", "x" * 200 + "\n"),
]
with open("events.golden", "wb") as file:
    writer = RecordWriter(file)
    for event in events:
        writer.write(event.SerializeToString())

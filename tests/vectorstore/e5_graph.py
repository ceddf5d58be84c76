"""The graph of multilingual-e5-small for onnxruntime, without its weights: `python -m
tests.vectorstore.e5_graph` writes it beside the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onnx import NodeProto, TensorProto, helper

from vectorstore.encoder import BLOCK, DEPTH, GRAPH, HEADS, HIDDEN, INNER

MICROSOFT = "com.microsoft"
EPSILON = 1e-12


@dataclass(slots=True)
class Drawing:
    """Nodes and weights, in the order in which they are drawn."""

    nodes: list[NodeProto] = field(default_factory=list)
    weights: list[TensorProto] = field(default_factory=list)

    def weight(self, name: str, kind: int, *shape: int) -> str:
        """A tensor whose values the encoder gives to the session."""
        tensor = TensorProto(
            name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL
        )
        tensor.external_data.add(key="location", value="given")
        self.weights.append(tensor)
        return name

    def node(self, kind: str, inputs: list[str], output: str, **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def product(self, text: str, name: str, inputs: int, outputs: int) -> str:
        """A linear layer with 4-bit weights, multiplied in float32."""
        blocks = inputs // BLOCK
        weights = [
            self.weight(f"{name}.w", TensorProto.UINT8, outputs, blocks, BLOCK // 2),
            self.weight(f"{name}.w.scales", TensorProto.FLOAT, outputs * blocks),
            "",
            "",
            self.weight(f"{name}.b", TensorProto.FLOAT, outputs),
        ]
        sizes = {"K": inputs, "N": outputs, "bits": 4, "block_size": BLOCK}
        return self.node("MatMulNBits", [text, *weights], f"{name}.out", domain=MICROSOFT, **sizes)

    def norm(self, name: str) -> list[str]:
        return [self.weight(f"{name}.{part}", TensorProto.FLOAT, HIDDEN) for part in "wb"]

    def layer(self, states: str, name: str) -> str:
        parts = [self.product(states, f"{name}.{part}", HIDDEN, HIDDEN) for part in "qkv"]
        heads = self.node(
            "MultiHeadAttention",
            [*parts, "", "mask"],
            f"{name}.heads",
            domain=MICROSOFT,
            num_heads=HEADS,
        )
        attention = self.product(heads, f"{name}.ao", HIDDEN, HIDDEN)
        states = self.add_and_norm(attention, states, f"{name}.aln")
        inner = self.node("Gelu", [self.product(states, f"{name}.fi", HIDDEN, INNER)], f"{name}.up")
        return self.add_and_norm(
            self.product(inner, f"{name}.fo", INNER, HIDDEN), states, f"{name}.oln"
        )

    def add_and_norm(self, added: str, states: str, name: str) -> str:
        inputs = [added, states, *self.norm(name)]
        return self.node(
            "SkipLayerNormalization", inputs, f"{name}.out", domain=MICROSOFT, epsilon=EPSILON
        )


def graph() -> bytes:
    """Vectors of words with their positions (n, k, d) and the mask (n, k) to states (n, k, d)."""
    drawing = Drawing()
    states = drawing.node(
        "LayerNormalization", ["words", *drawing.norm("emb.ln")], "first", epsilon=EPSILON
    )
    for depth in range(DEPTH):
        states = drawing.layer(states, f"l{depth}")
    shaped = helper.make_tensor_value_info
    made = helper.make_graph(
        drawing.nodes,
        "e5",
        [
            shaped("words", TensorProto.FLOAT, ["n", "k", HIDDEN]),
            shaped("mask", TensorProto.INT32, ["n", "k"]),
        ],
        [shaped(states, TensorProto.FLOAT, ["n", "k", HIDDEN])],
        drawing.weights,
    )
    versions = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
    model: bytes = helper.make_model(made, opset_imports=versions, ir_version=9).SerializeToString()
    return model


if __name__ == "__main__":
    GRAPH.write_bytes(graph())

"""Runs one ONNX model on the CPU and tells its logits, in a process of its own.

Run as a script, so that a crash of it is not ours and its memory and time are bounded.
It reads one line of JSON with its orders, answers with what runs the model, then
answers every line of tokens with a file's worth of single floats, until its input is
closed. It imports nothing of Dokja: whatever else stands in this folder under a
library's name would be in its way.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

WORDS = 1 << 16
"""Bytes of any file: its errors are written to one."""
PAST = ("past_key_values.", "past_key_", "past_value_", "past.")


def bound(orders: dict[str, Any]) -> None:
    """Nothing; what the model may use, and that it writes no more than a few words."""
    for kind, most in (
        (resource.RLIMIT_AS, orders["memory_bytes"]),
        (resource.RLIMIT_CPU, orders["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, WORDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def opened(path: str) -> tuple[str, Callable[[list[int]], Any]]:
    """What runs the model, and the logits of a sequence."""
    try:
        import onnxruntime
    except ImportError:
        return by_the_reference(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    wanted = [(each.name, each.type, each.shape) for each in session.get_inputs()]
    outputs = [each.name for each in session.get_outputs()]

    def logits(tokens: list[int]) -> Any:
        return session.run([logits_of(outputs)], feeds(wanted, tokens))[0]

    return f"onnxruntime {onnxruntime.__version__}; cpu; one thread", logits


def by_the_reference(path: str) -> tuple[str, Callable[[list[int]], Any]]:
    """The same by onnx's reference evaluator: slow, and standard operators alone."""
    import onnx
    from onnx.reference import ReferenceEvaluator

    session: Any = ReferenceEvaluator(path)
    wanted = [
        (name, onnx.helper.printable_type(kind), shape_of(kind))
        for name, kind in zip(session.input_names, session.input_types, strict=True)
    ]

    def logits(tokens: list[int]) -> Any:
        fed = feeds(wanted, tokens)
        return session.run([logits_of(session.output_names)], fed)[0]

    return f"onnx {onnx.__version__}, reference evaluator; cpu", logits


def shape_of(kind: Any) -> list[int | str]:
    """Sizes of the axes; a name where the size is free."""
    axes = kind.tensor_type.shape.dim
    return [axis.dim_param or int(axis.dim_value) for axis in axes]


def logits_of(outputs: list[str]) -> str:
    """The output that holds the logits."""
    if "logits" not in outputs:
        sys.exit(f"the model has no output named logits: {', '.join(outputs)[:200]}")
    return "logits"


def feeds(wanted: list[tuple[str, Any, Any]], tokens: list[int]) -> dict[str, Any]:
    """What the model takes for one sequence that nothing goes before."""
    import numpy as np

    whole: dict[str, list[int]] = {
        "input_ids": tokens,
        "attention_mask": [1] * len(tokens),
    }
    whole["position_ids"] = list(range(len(tokens)))
    found: dict[str, Any] = {}
    for name, kind, shape in wanted:
        if name in whole:
            size = np.int32 if "int32" in kind.lower() else np.int64
            found[name] = np.array([whole[name]], dtype=size)
        elif name.startswith(PAST):
            half = "float16" in kind.lower()
            found[name] = np.zeros(
                nothing_before(name, shape), dtype=np.float16 if half else np.float32
            )
        elif name == "use_cache_branch":
            found[name] = np.array([False])
        else:
            sys.exit(f"the model asks for an input that is not known: {name[:200]}")
    return found


def nothing_before(name: str, shape: list[Any]) -> list[int]:
    """The shape of an empty memory: one sequence, of no tokens."""
    sizes = [1, *shape[1:]]
    free = [place for place, size in enumerate(sizes) if not isinstance(size, int)]
    if len(free) != 1:
        sys.exit(f"the shape of the input is not known: {name[:200]}")
    sizes[free[0]] = 0
    return sizes


def main() -> None:
    """Nothing; answers until the input is closed."""
    import numpy as np

    orders = json.loads(sys.stdin.readline())
    bound(orders)
    engine, logits = opened(orders["model"])
    tell({"engine": engine})
    for line in sys.stdin:
        rows = np.asarray(logits(json.loads(line)))[0].astype("<f4")
        tell({"shape": rows.shape})
        sys.stdout.buffer.write(rows.tobytes())
        sys.stdout.buffer.flush()


def tell(fact: dict[str, Any]) -> None:
    """Nothing; one line of JSON."""
    sys.stdout.buffer.write(json.dumps(fact).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
